import { connectAsync, type MqttClient } from 'mqtt'
import { ForewarnError, messageOf } from '../core/errors.ts'
import { withoutPassword } from './urls.ts'

/**
 * Connects to a broker, or says at once why not: nobody there, an unknown user, a certificate that is not trusted
 * (`ca`: PEM of the authority that signed it). Throws BROKER_UNAVAILABLE.
 */
export async function connectOnce(url: string, ca?: string): Promise<MqttClient> {
  const trust = ca === undefined ? {} : { ca }
  try {
    return await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5_000, ...trust }, false)
  } catch (error) {
    const details = { url: withoutPassword(url), problem: messageOf(error) }
    throw new ForewarnError('BROKER_UNAVAILABLE', details, error)
  }
}
