import { parseArgs } from 'node:util'
import { connectAsync } from 'mqtt'
import { parseConfig } from '../../core/config.ts'
import { startSubscriber } from '../../ingest/subscriber/subscriber.ts'

/*
 * How fast one connection takes and acknowledges what a broker has queued, QoS 1, every acknowledgement after an
 * asynchronous step. Needs a broker that queues without a limit (docs/brokers.md) and nothing else to do:
 *
 *   npx tsx test/bench/subscriber.ts --url mqtt://127.0.0.1:1883 --messages 200000 --version 5
 */

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'mqtt://127.0.0.1:1883' },
    messages: { type: 'string', default: '200000' },
    version: { type: 'string', default: '5' },
  },
})
const messages = Number(values.messages)
const { mqtt } = parseConfig({ mqtt: { url: values.url, version: values.version } })
const payload =
  '{"time":1732250000123,"seq":42,"values":{"vibration":2.125,"bearing_temperature":55.5,"motor_current":30.25,"discharge_pressure":5.5,"flow":80.75,"speed":1500}}'

let kept = 0
let complete = () => {}
const done = new Promise<void>((resolve) => {
  complete = resolve
})
/** As a group commit does: everything that came in one turn is durable in the next. */
const keep = async () => {
  await new Promise((resolve) => setImmediate(resolve))
  if (++kept === messages) complete()
}
const quiet = { info: () => {}, warn: console.warn, debug: () => {} }
const subscribe = () =>
  startSubscriber({
    config: mqtt,
    clientId: `forewarn-bench-${process.pid}`,
    topics: ['forewarn-bench/#'],
    intake: { message: keep, oversized: keep },
    logger: quiet,
  })

await (await subscribe()).close()
const publisher = await connectAsync(values.url)
for (let sent = 0; sent < messages; sent += 1000) {
  const batch = Array.from({ length: 1000 }, (_, i) => `forewarn-bench/p${i % 50}`)
  await Promise.all(batch.map((topic) => publisher.publishAsync(topic, payload, { qos: 1 })))
}
await publisher.endAsync()

const started = performance.now()
const subscriber = await subscribe()
await done
const seconds = (performance.now() - started) / 1000
console.log(`MQTT ${values.version}: ${Math.round(messages / seconds)} messages/s over one connection`)
await subscriber.close()
