import { it } from 'vitest'
import type { Service } from '../services/harness.ts'
import { type Fault, underLoad } from './faultStory.ts'
import type { oneEach } from './installation.ts'
import { describePlant, type Plant, type PlantOptions, usual } from './plant.ts'

type Redis = Pick<Service, 'url' | 'close'>

export interface PlantFault<R extends Redis> extends Partial<PlantOptions<R, typeof oneEach>> {
  readonly title: string
  readonly fault: (plant: Plant<R>) => Fault
}

/** One fault under load, against an installation of its own. */
export function describePlantFault<R extends Redis = Service>({
  title,
  fault,
  ...options
}: PlantFault<R>): void {
  const plantOptions = { ...usual, ...options } as PlantOptions<R, typeof oneEach>
  describePlant(title, plantOptions, (plant) => {
    it('loses nothing, doubles no ticket, is named by the health, and needs no restart of forewarn', async () => {
      const { installation, broker } = plant()
      await underLoad(installation, () => broker?.url ?? installation.mqttUrl, fault(plant()))
    }, 300_000)
  })
}
