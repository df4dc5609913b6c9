import { systemClock } from '../core/clock.ts'
import { ForewarnError, messageOf } from '../core/errors.ts'
import { connectOnce } from './connectOnce.ts'
import { untilStopped } from './untilStopped.ts'
import { withoutPassword } from './urls.ts'

export interface WatchOptions {
  readonly url: string
  /** PEM of the authority to trust; undefined: those that Node.js trusts. */
  readonly ca?: string | undefined
  readonly topics: readonly string[]
  /** Ends after so many messages. */
  readonly count: number
  readonly seconds: number
}

/**
 * Listens at a broker and hands on each message, until enough were heard, time is up or Ctrl-C; resolves with how many
 * there were. Rejects with BROKER_UNAVAILABLE where it does not let us in, refuses a topic or hangs up.
 */
export async function watchTopics(
  { url, ca, topics, count, seconds }: WatchOptions,
  onMessage: (topic: string, payload: Uint8Array) => void,
): Promise<number> {
  const client = await connectOnce(url, ca)
  const stopped = untilStopped()
  const unavailable = (problem: string) =>
    new ForewarnError('BROKER_UNAVAILABLE', { url: withoutPassword(url), problem })
  let heard = 0
  client.on('message', (topic, payload) => {
    if (heard >= count) return
    heard++
    onMessage(topic, payload)
    if (heard === count) stopped.stop()
  })
  client.on('close', () => stopped.fail(unavailable('it closed the connection')))
  try {
    const granted = await client.subscribeAsync([...topics], { qos: 0 }).catch((error) => {
      throw unavailable(messageOf(error))
    })
    const refused = granted.find(({ qos }) => qos === 128)
    if (refused) throw unavailable(`it refuses a subscription to ${refused.topic}`)
    if (Number.isFinite(seconds)) void systemClock.sleep(seconds * 1000, stopped.signal).then(stopped.stop)
    await stopped.wait
    return heard
  } finally {
    client.removeAllListeners('close')
    await client.endAsync()
  }
}
