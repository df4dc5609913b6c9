import { z } from 'zod'
import { findContradiction } from './configChecks.ts'
import { credentialPattern } from './credentials.ts'
import { ForewarnError } from './errors.ts'

/**
 * The configuration: checked once, defaulted, frozen, then passed down. A URL chooses an adapter.
 * Every key can be set in `forewarn.yaml` or as an environment variable: `http.port` is FOREWARN_HTTP_PORT,
 * `log.maxBytes` is FOREWARN_LOG_MAXBYTES.
 */
const port = z.number().int().min(0).max(65535)
const positive = z.number().positive()
const probability = z.number().min(0).max(1)
/** The problem never repeats the value: it is a secret. */
const credentials = (secret: string) =>
  z
    .array(
      z
        .string()
        .regex(
          credentialPattern,
          `expected name:${secret}, the ${secret} of 16 or more visible ASCII characters without colon and comma`,
        ),
    )
    .default([])
const pemFile = z.string().default('')

export const configSchema = z.strictObject({
  data: z
    .strictObject({
      folder: z.string().min(1).default('./data').describe('where everything embedded is kept'),
    })
    .prefault({}),
  catalogue: z
    .strictObject({
      folder: z.string().default('').describe('asset type YAML files; empty: those that come with forewarn'),
    })
    .prefault({}),
  models: z
    .strictObject({
      folder: z.string().default('').describe('model artifacts; empty: those that come with forewarn'),
    })
    .prefault({}),
  mqtt: z
    .strictObject({
      host: z
        .string()
        .default('127.0.0.1')
        .describe('address the embedded broker listens on; beyond loopback with users and TLS only'),
      port: port.default(1883).describe('its port; 0 picks a free one'),
      maxPayloadBytes: positive.default(262_144).describe('a larger packet is a dead letter'),
      users: credentials('password').describe('list of name:password; with any, every client needs one'),
      tlsCert: pemFile.describe('PEM file of the certificate (with its chain); the broker then speaks TLS'),
      tlsKey: pemFile.describe('PEM file of its private key'),
    })
    .prefault({}),
  http: z
    .strictObject({
      host: z
        .string()
        .default('127.0.0.1')
        .describe('address of the page and API; beyond loopback with tokens and TLS only'),
      port: port.default(8080).describe('its port; 0 picks a free one'),
      allowedHosts: z
        .array(z.string())
        .default([])
        .describe('host names beside loopback that requests may name'),
      tokens: credentials('token').describe(
        'list of name:token; with any, everything but /health/live needs one (Bearer, or Basic with name and token)',
      ),
      tlsCert: pemFile.describe(
        'PEM file of the certificate (with its chain); page and API are then served over https',
      ),
      tlsKey: pemFile.describe('PEM file of its private key'),
    })
    .prefault({}),
  telemetry: z
    .strictObject({
      url: z
        .string()
        .regex(
          /^(duckdb:|memory:|influx:\/\/|influxs:\/\/)/,
          'expected duckdb:, or influx://[user:password@]host:8086/database',
        )
        .default('duckdb:')
        .describe('duckdb: (a file in the data folder) or influx://[user:password@]host:8086/database'),
    })
    .prefault({}),
  queue: z
    .strictObject({
      url: z
        .string()
        .regex(/^(pglite:|memory:|rediss?:\/\/)/, 'expected pglite: or redis://host:6379')
        .default('pglite:')
        .describe('pglite: (in the data folder) or redis://[user:password@]host:6379'),
      attempts: z.number().int().min(1).default(5).describe('tries before a prediction is kept as failed'),
      backoffMs: positive.default(500).describe('first wait between tries, doubled each time'),
    })
    .prefault({}),
  log: z
    .strictObject({
      maxBytes: positive
        .default(2 * 1024 ** 3)
        .describe('cap of the reading log; at it nothing is acknowledged'),
    })
    .prefault({}),
  ingest: z
    .strictObject({
      maxPastDays: positive.default(30).describe('a reading older than this is a dead letter'),
      maxFutureMs: z
        .number()
        .nonnegative()
        .default(60_000)
        .describe('a reading further ahead than this is a dead letter'),
    })
    .prefault({}),
  policy: z
    .strictObject({
      raiseAt: probability
        .default(0.5)
        .describe('failure probability within the horizon at which a window counts'),
      clearBelow: probability
        .default(0.25)
        .describe('below this for all n windows the alarm clears (hysteresis)'),
      k: z.number().int().min(1).default(3).describe('windows over the threshold that raise ...'),
      n: z.number().int().min(1).default(4).describe('... out of this many scored ones'),
    })
    .prefault({}),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('how much is logged'),
})

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
