import { afterAll, beforeAll, it } from 'vitest'
import { describeServices } from '../../services/harness.ts'
import { underLoad } from '../../support/faultStory.ts'
import { type PlantUnderTest, plantServices, startPlant } from '../../support/servicesUnderTest.ts'

describeServices(plantServices, 'an ingest process is killed', () => {
  let plant: PlantUnderTest
  beforeAll(async () => {
    plant = await startPlant()
  }, 120_000)
  afterAll(() => plant?.close(), 60_000)

  it('loses nothing, doubles no ticket, is named by the health, and needs no restart of forewarn', async () => {
    await underLoad(plant.installation, () => plant.installation.mqttUrl, {
      breakIt: () => plant.installation.processes.ingest.kill(),
      named: /no word of ingest-1/,
      awayMs: 8_000,
      mendIt: () => plant.installation.restart('ingest'),
    })
  }, 300_000)
})
