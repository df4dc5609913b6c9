import type { Scenery } from './campaign.ts'
import type { Plant } from './plant.ts'

export const withServices: Scenery<Plant> = {
  faults: [],
  make: () => Promise.reject(new Error('not yet')),
}
