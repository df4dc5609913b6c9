import type { DeadLetter } from '../core/reading.ts'
import { connectOnce } from './connectOnce.ts'
import type { MqttTarget } from './mqttTarget.ts'

/** Publishes dead letters with their original topic and bytes, QoS 1; returns the ids that the broker acknowledged. */
export async function republish({ url, ca }: MqttTarget, letters: readonly DeadLetter[]): Promise<string[]> {
  const client = await connectOnce(url, ca)
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
