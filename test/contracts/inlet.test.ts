import { parseConfig } from '../../core/config.ts'
import { startBroker } from '../../ingest/broker/broker.ts'
import { quiet } from '../../ingest/broker/testing.ts'
import { startSubscriber } from '../../ingest/subscriber/subscriber.ts'
import { startRecordingBroker } from '../support/recordingBroker.ts'
import { inletContract } from './inlet.suite.ts'

inletContract('embedded broker', async (intake) => {
  const config = parseConfig({ mqtt: { port: 0 } }).mqtt
  const inlet = await startBroker({ config, intake, logger: quiet })
  return { inlet, url: `mqtt://127.0.0.1:${inlet.port}`, cleanUp: async () => {} }
})

inletContract('subscriber at an aedes, MQTT 3.1.1', async (intake) => {
  const broker = await startRecordingBroker()
  const config = parseConfig({ mqtt: { url: broker.url, version: '3.1.1' } }).mqtt
  const inlet = await startSubscriber({
    config,
    clientId: 'forewarn-main',
    topics: ['forewarn/#'],
    intake,
    logger: quiet,
    timing: { firstWaitMs: 20, longestWaitMs: 200 },
  })
  return { inlet, url: broker.url, cleanUp: () => broker.close() }
})
