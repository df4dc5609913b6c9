import { connectAsync } from 'mqtt'
import { ForewarnError, messageOf } from '../core/errors.ts'
import type { DeadLetter } from '../core/reading.ts'

/** Publishes dead letters with their original topic and bytes, QoS 1; returns the ids that the broker acknowledged. */
export async function republish(url: string, letters: readonly DeadLetter[]): Promise<string[]> {
  const client = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5_000 }).catch(
    (error: unknown) => {
      throw new ForewarnError(
        'REQUEST_INVALID',
        { problem: `no broker answers at ${url}: ${messageOf(error)}` },
        error,
      )
    },
  )
  const acknowledged: string[] = []
  try {
    for (const { id, topic, payload } of letters) {
      await client.publishAsync(topic, Buffer.from(payload), { qos: 1 })
      acknowledged.push(id)
    }
  } finally {
    await client.endAsync()
  }
  return acknowledged
}
