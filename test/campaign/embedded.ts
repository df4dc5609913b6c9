import type { Scenery } from './campaign.ts'
import { EmbeddedPlant } from './embeddedPlant.ts'
import { deviceFaults } from './faults/devices.ts'
import { processFaults } from './faults/process.ts'
import { surroundings } from './faults/surroundings.ts'
import { worldFaults } from './faults/world.ts'

/** Everything in one process; every second installation on a disk of its own that can be full. */
export const embedded: Scenery<EmbeddedPlant> = {
  faults: [...processFaults, ...surroundings, ...worldFaults, ...deviceFaults],
  make: (folder, life) => EmbeddedPlant.make(folder, life % 2 === 0),
}
