import type { z } from 'zod'
import { findContradiction } from './configChecks.ts'
import { configSchema } from './configSchema.ts'
import { ForewarnError } from './errors.ts'

/**
 * The configuration: checked once, defaulted, frozen, then passed down. Every key can be set in `forewarn.yaml` or as an
 * environment variable: `http.port` is FOREWARN_HTTP_PORT, `log.maxBytes` is FOREWARN_LOG_MAXBYTES.
 */
export type Config = z.infer<typeof configSchema>

/** The environment variable of a key: http.port is FOREWARN_HTTP_PORT. */
export const environmentName = (path: string): string => `FOREWARN_${path.replaceAll('.', '_').toUpperCase()}`

/** An environment variable's text as the kind of value that its key has; what is no number stays text, to be named. */
function fromText(text: string, like: unknown): unknown {
  if (Array.isArray(like)) return text.split(',').filter(Boolean)
  if (typeof like !== 'number' || text.trim() === '' || Number.isNaN(Number(text))) return text
  return Number(text)
}

/** Lays environment variables over the file's content: FOREWARN_HTTP_PORT sets http.port. */
function withEnvironment(input: Record<string, unknown>, env: Readonly<Record<string, string | undefined>>) {
  const merged = structuredClone(input)
  for (const { path, default: fallback } of configKeys()) {
    const value = env[environmentName(path)]
    if (value === undefined || value === '') continue
    set(merged, path.split('.'), fromText(value, fallback))
  }
  return merged
}

/** Sets a value in nested sections, which are made where they are missing. */
function set(section: Record<string, unknown>, [key, ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) section[key!] = value
  else {
    const inner = { ...(section[key!] as Record<string, unknown> | undefined) }
    section[key!] = inner
    set(inner, rest, value)
  }
}

/** Throws CONFIG_INVALID naming the key, the problem and where to mend it. */
export function parseConfig(
  input: unknown,
  env: Readonly<Record<string, string | undefined>> = {},
  source = 'forewarn.yaml',
): Config {
  if (input !== undefined && input !== null && (typeof input !== 'object' || Array.isArray(input))) {
    throw new ForewarnError('CONFIG_INVALID', {
      path: '(root)',
      problem: 'expected sections with keys',
      source,
    })
  }
  const parsed = configSchema.safeParse(withEnvironment((input ?? {}) as Record<string, unknown>, env))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new ForewarnError('CONFIG_INVALID', {
      path: issue.path.join('.') || '(root)',
      problem: issue.message,
      source,
    })
  }
  const contradiction = findContradiction(parsed.data)
  if (contradiction) throw new ForewarnError('CONFIG_INVALID', { ...contradiction, source })
  return deepFreeze(parsed.data)
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (part && typeof part === 'object') deepFreeze(part)
  return Object.freeze(value)
}

export interface ConfigKey {
  readonly path: string
  readonly description: string
  readonly default: unknown
}

/** Every key with its description and default, for `--help`, the README's table and the environment. */
export function configKeys(): ConfigKey[] {
  return keysOf(configSchema.shape, configSchema.parse({}), '')
}

type Shape = Readonly<Record<string, z.ZodType>>

/** Of a section, and of the sections within it. */
function keysOf(shape: Shape, defaults: Readonly<Record<string, unknown>>, prefix: string): ConfigKey[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const [path, fallback] = [`${prefix}${key}`, defaults[key]]
    const inner = shapeOf(schema)
    if (inner) return keysOf(inner, fallback as Record<string, unknown>, `${path}.`)
    return [{ path, description: schema.description ?? '', default: fallback }]
  })
}

/** What is in a section; undefined for a value. */
function shapeOf(schema: z.ZodType): Shape | undefined {
  const { unwrap } = schema as { unwrap?: () => { shape?: Shape } }
  return unwrap?.call(schema).shape
}
