import { afterAll, beforeAll, it } from 'vitest'
import { describeServices } from '../../services/harness.ts'
import { underLoad } from '../../support/faultStory.ts'
import { type PlantUnderTest, plantServices, startPlant } from '../../support/servicesUnderTest.ts'

describeServices(plantServices, 'PostgreSQL is restarted', () => {
  let plant: PlantUnderTest
  beforeAll(async () => {
    plant = await startPlant()
  }, 120_000)
  afterAll(() => plant?.close(), 60_000)

  it('loses nothing, doubles no ticket, is named by the health, and needs no restart of forewarn', async () => {
    await underLoad(plant.installation, () => plant.installation.mqttUrl, {
      breakIt: () => plant.postgres.stop('SIGKILL'),
      named: /"tickets"[^}]*"ok":false/,
      awayMs: 8_000,
      mendIt: () => plant.postgres.start(),
    })
  }, 300_000)
})
