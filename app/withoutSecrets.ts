import type { Config } from '../core/config.ts'
import { withoutPassword } from './urls.ts'

const masked = (entries: readonly string[]) => entries.map((entry) => `${entry.split(':', 1)[0]}:********`)

const hidden = (secret: string) => (secret === '' ? '' : '********')

/** The configuration as it may be shown: names stay, tokens and passwords do not. */
export const withoutSecrets = (config: Config): Config => ({
  ...config,
  http: { ...config.http, tokens: masked(config.http.tokens) },
  mqtt: { ...config.mqtt, url: withoutPassword(config.mqtt.url), users: masked(config.mqtt.users) },
  telemetry: {
    ...config.telemetry,
    url: withoutPassword(config.telemetry.url),
    token: hidden(config.telemetry.token),
  },
  queue: {
    ...config.queue,
    url: withoutPassword(config.queue.url),
    sentinelPassword: hidden(config.queue.sentinelPassword),
  },
  tickets: { ...config.tickets, url: withoutPassword(config.tickets.url) },
  mail: { ...config.mail, url: withoutPassword(config.mail.url) },
})
