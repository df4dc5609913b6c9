import { createRandom } from '../../edge/simulator/random.ts'
import type { Scenery } from './campaign.ts'
import { deviceFaults } from './faults/devices.ts'
import { servicesFaults } from './faults/services.ts'
import { worldFaults } from './faults/world.ts'
import { ServicesPlant, type ServicesSetup } from './servicesPlant.ts'

const oneEach = { ingest: 'ingest', score: 'score', alerts: 'alerts', web: 'web' }

/** In turns: a process a role, one process, a process a role behind Mosquitto. */
const setups: readonly ServicesSetup[] = [
  { cast: oneEach, externalBroker: false },
  { cast: { all: 'ingest,score,alerts,web' }, externalBroker: false },
  { cast: oneEach, externalBroker: true },
]

/** InfluxDB, Redis and PostgreSQL, and every third installation Mosquitto. */
export const withServices: Scenery<ServicesPlant> = {
  faults: [...servicesFaults, ...worldFaults, ...deviceFaults],
  make: (folder, life) =>
    ServicesPlant.make(folder, setups[life % setups.length]!, createRandom(`store/${life}`)),
}
