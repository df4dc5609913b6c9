import { z } from 'zod'
import { credentialPattern } from './credentials.ts'

const port = z.number().int().min(0).max(65535)
const positive = z.number().positive()
/** How long a planned stop lasts where nobody says otherwise, hours. */
export const usualStopHours = 8
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

/** What can run the models, the fastest first; `auto` tries them in this order. */
export const backendNames = ['auto', 'node', 'wasm', 'cpu'] as const

/** How far credentials may travel readable: never beyond loopback, or within a network that is nobody else's. */
const withoutTls = (what: string) =>
  z
    .enum(['loopback', 'private-network'])
    .default('loopback')
    .describe(
      `where ${what} may travel unencrypted; private-network: also beyond loopback, for a container whose port is published on the host's loopback or behind a proxy that ends TLS`,
    )

/** The parts of the journey that a process can take over, in its order. */
export const roleNames = ['ingest', 'score', 'alerts', 'web'] as const
export type Role = (typeof roleNames)[number]

/*
 * Every key of the configuration: its shape, default and meaning. A URL chooses an adapter.
 */

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
      folder: z
        .string()
        .default('')
        .describe(
          'models in force and their registry, shared by all score processes; empty: those that come with forewarn, and data.folder/models',
        ),
      backend: z
        .enum(backendNames)
        .default('auto')
        .describe('what runs the models: node (native tfjs-node), wasm or cpu; auto: the first that works'),
      promotion: z
        .enum(['manual', 'automatic'])
        .default('manual')
        .describe(
          'whether a challenger that beats the champion on known outcomes is promoted by itself, and a worse one refused',
        ),
    })
    .prefault({}),
  worker: z
    .strictObject({
      name: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,40}$/, 'expected 1 to 40 letters, digits, - or _')
        .default('main')
        .describe('stable name of this process among those of the installation; names its MQTT session'),
      roles: z
        .array(z.enum(roleNames))
        .min(1)
        .default([...roleNames])
        .describe('what this process does: any of ingest, score, alerts, web'),
      share: z
        .string()
        .regex(/^[1-9]\d{0,2}\/[1-9]\d{0,2}$/, 'expected which of how many, for example 1/2')
        .default('1/1')
        .describe('which of how many score processes this is; each scores its share of the devices'),
    })
    .prefault({}),
  mqtt: z
    .strictObject({
      url: z
        .string()
        .regex(
          /^($|mqtts?:\/\/)/,
          'expected mqtt://[user:password@]host:1883, or empty for the embedded broker',
        )
        .default('')
        .describe('external broker, mqtt(s)://[user:password@]host:1883; empty: the embedded one'),
      version: z.enum(['5', '3.1.1']).default('5').describe('MQTT version spoken to the external broker'),
      caFile: pemFile.describe('PEM file of the authority that signed the external broker'),
      shareGroup: z
        .string()
        .regex(/^[A-Za-z0-9_-]{0,40}$/, 'expected letters, digits, - or _')
        .default('')
        .describe('shared subscription of several ingest processes, each with a worker.name of its own'),
      receiveMaximum: z
        .number()
        .int()
        .min(1)
        .max(65_535)
        .default(1_000)
        .describe('messages the external broker may have unacknowledged with us'),
      sessionExpiryHours: positive
        .default(168)
        .describe('how long the external broker keeps messages while we are away (MQTT 5)'),
      host: z
        .string()
        .default('127.0.0.1')
        .describe('address the embedded broker listens on; beyond loopback with users and TLS only'),
      port: port.default(1883).describe('its port; 0 picks a free one'),
      maxPayloadBytes: positive.default(262_144).describe('a larger packet is a dead letter'),
      users: credentials('password').describe('list of name:password; with any, every client needs one'),
      tlsCert: pemFile.describe('PEM file of the certificate (with its chain); the broker then speaks TLS'),
      tlsKey: pemFile.describe('PEM file of its private key'),
      withoutTls: withoutTls('passwords'),
    })
    .prefault({}),
  mapping: z
    .strictObject({
      file: z
        .string()
        .default('')
        .describe('YAML file that maps topics and payloads of existing publishers to readings'),
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
      withoutTls: withoutTls('tokens'),
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
      token: z.string().default('').describe('API token of InfluxDB 2.x and 3'),
      org: z.string().default('').describe('organisation of InfluxDB 2.x'),
      retentionDays: z
        .number()
        .nonnegative()
        .default(0)
        .describe('InfluxDB: raw readings are kept so long; 0: as the database is set up'),
    })
    .prefault({}),
  queue: z
    .strictObject({
      url: z
        .string()
        .regex(
          /^(pglite:|memory:|rediss?(\+sentinel|\+cluster)?:\/\/)/,
          'expected pglite:, redis://host:6379, redis+sentinel://host:26379,.../master or redis+cluster://host:6379,...',
        )
        .default('pglite:')
        .describe(
          'pglite: (in the data folder), redis://[user:password@]host:6379, redis+sentinel://host:26379,.../master or redis+cluster://host:6379,...; rediss over TLS',
        ),
      caFile: pemFile.describe('PEM file of the authority that signed Redis'),
      sentinelPassword: z.string().default('').describe('password of the Sentinels, where they have one'),
      attempts: z.number().int().min(1).default(5).describe('tries before a prediction is kept as failed'),
      backoffMs: positive.default(500).describe('first wait between tries, doubled each time'),
    })
    .prefault({}),
  tickets: z
    .strictObject({
      url: z
        .string()
        .regex(
          /^(pglite:|postgres(ql)?:\/\/)/,
          'expected pglite: or postgres://user:password@host:5432/database',
        )
        .default('pglite:')
        .describe(
          'pglite: (in the data folder) or postgres://user:password@host:5432/database[?sslmode=...]',
        ),
      caFile: pemFile.describe('PEM file of the authority that signed PostgreSQL'),
    })
    .prefault({}),
  handoff: z
    .strictObject({
      partitions: z
        .number()
        .int()
        .min(1)
        .max(256)
        .default(8)
        .describe('Redis Streams between ingest and score processes; a device always takes the same one'),
      maxReadings: positive
        .default(200_000)
        .describe('readings waiting in them before the rest waits in the log; about 25 MB of Redis'),
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
      plannedStopHours: positive
        .default(usualStopHours)
        .describe('a planned stop mutes its device so long, or until a repair or an installation is told'),
      noticeAfterMinutes: positive
        .default(60)
        .describe('a device that is not scored for longer opens a notice, which closes by itself'),
      disturbance: z
        .strictObject({
          withinMinutes: positive
            .default(60)
            .describe('alarms of a site that are raised within so long of each other, in event time, ...'),
          devices: z.number().int().min(2).default(4).describe('... of at least so many devices ...'),
          share: probability
            .default(0.5)
            .describe('... and at least this share of the scored ones are one disturbance, with one ticket'),
        })
        .prefault({}),
    })
    .prefault({}),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('how much is logged'),
})
