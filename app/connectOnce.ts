import { connectAsync, type MqttClient } from 'mqtt'
import { ForewarnError, messageOf } from '../core/errors.ts'
import { withoutPassword } from './urls.ts'

/** Connects to a broker, or says at once why not: nobody there, an unknown user, a certificate that is not trusted. */
export async function connectOnce(url: string): Promise<MqttClient> {
  try {
    return await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5_000 }, false)
  } catch (error) {
    const problem = `no broker lets us in at ${withoutPassword(url)}: ${messageOf(error)}`
    throw new ForewarnError('REQUEST_INVALID', { problem }, error)
  }
}
