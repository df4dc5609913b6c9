import type { Config } from '../core/config.ts'
import { authorityOf } from '../ingest/subscriber/server.ts'
import { ownMqttUrl } from './urls.ts'

/** The broker that a command publishes to. */
export interface MqttTarget {
  readonly url: string
  /** PEM of the authority to trust; undefined: those that Node.js trusts. */
  readonly ca: string | undefined
}

/** The broker of the configuration, or the one that the command line names instead. Throws CONFIG_INVALID. */
export const mqttTarget = (mqtt: Config['mqtt'], url?: string): MqttTarget =>
  url === undefined ? { url: ownMqttUrl(mqtt), ca: authorityOf(mqtt) } : { url, ca: undefined }
