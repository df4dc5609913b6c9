import { afterAll, beforeAll, it } from 'vitest'
import { describeServices, type Service, startService } from '../../services/harness.ts'
import { underLoad } from '../../support/faultStory.ts'
import { type PlantUnderTest, plantServices, startPlant } from '../../support/servicesUnderTest.ts'

describeServices([...plantServices, 'mosquitto'], 'the external broker is stopped and started again', () => {
  let broker: Service
  let plant: PlantUnderTest
  beforeAll(async () => {
    broker = await startService('mosquitto')
    plant = await startPlant({ FOREWARN_MQTT_URL: broker.url })
  }, 120_000)
  afterAll(async () => {
    await plant?.close()
    await broker?.close()
  }, 60_000)

  it('loses nothing, doubles no ticket, is named by the health, and needs no restart of forewarn', async () => {
    await underLoad(plant.installation, () => broker.url, {
      breakIt: () => broker.stop('SIGTERM'),
      named: /"broker"[^}]*"ok":false/,
      awayMs: 8_000,
      mendIt: () => broker.start(),
    })
  }, 300_000)
})
