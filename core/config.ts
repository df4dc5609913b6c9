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
  if (typeof like === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (typeof like !== 'number' || text.trim() === '' || Number.isNaN(Number(text))) return text
  return Number(text)
}

/** Lays environment variables over the file's content: FOREWARN_HTTP_PORT sets http.port. */
function withEnvironment(input: Record<string, unknown>, env: Readonly<Record<string, string | undefined>>) {
  const merged = structuredClone(input)
  for (const { path, default: fallback } of configKeys()) {
    const value = env[environmentName(path)]
    if (value === undefined || value === '') continue
    const [section, key] = path.split('.') as [string, string | undefined]
    const parsed = fromText(value, fallback)
    if (key === undefined) merged[section] = parsed
    else merged[section] = { ...(merged[section] as object | undefined), [key]: parsed }
  }
  return merged
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
  const defaults = configSchema.parse({}) as Record<string, unknown>
  return Object.entries(configSchema.shape).flatMap(([section, schema]) => {
    const fallback = defaults[section]
    if (typeof fallback !== 'object' || fallback === null) {
      return [{ path: section, description: schema.description ?? '', default: fallback }]
    }
    const shape = (schema as unknown as { unwrap(): { shape: Record<string, z.ZodType> } }).unwrap().shape
    return Object.entries(shape).map(([key, inner]) => ({
      path: `${section}.${key}`,
      description: inner.description ?? '',
      default: (fallback as Record<string, unknown>)[key],
    }))
  })
}
