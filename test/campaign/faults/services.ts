import type { Service } from '../../services/harness.ts'
import { until } from '../../support/forewarnProcess.ts'
import type { StoreMood } from '../moodyStore.ts'
import { signalTree } from '../processTree.ts'
import type { Servers, ServicesPlant } from '../servicesPlant.ts'
import type { Fault } from './fault.ts'

type ServicesFault = Fault<ServicesPlant>

const named: Record<keyof Servers, string> = {
  influx: 'InfluxDB',
  redis: 'Redis',
  postgres: 'PostgreSQL',
  broker: 'Mosquitto',
}

/** A server that was killed may need a moment until its last child has gone. */
async function startAgain(service: Service): Promise<void> {
  for (let tries = 5; ; tries--) {
    try {
      return await service.start()
    } catch (error) {
      if (tries === 0) throw error
    }
  }
}

function away(server: keyof Servers, kind: 'killed' | 'stopped', about: string): ServicesFault {
  return {
    kind: `${server}-${kind}`,
    about: `${named[server]} ${about}`,
    class: 'surroundings',
    mayEnd: 'at start',
    isPossible: ({ servers }) => servers[server] !== undefined,
    async run({ plant, pause, sendLastAgain }) {
      const service = plant.servers[server]!
      await pause(100, 900)
      await service.stop(kind === 'killed' ? 'SIGKILL' : 'SIGTERM')
      await pause(500, 5_000)
      await startAgain(service)
      // docs/brokers.md: a killed Mosquitto forgets what came since it last wrote its sessions down
      if (server === 'broker' && kind === 'killed') sendLastAgain()
    },
  }
}

function frozen(server: keyof Servers): ServicesFault {
  return {
    kind: `${server}-frozen`,
    about: `${named[server]} gets SIGSTOP and does not answer for some seconds`,
    class: 'surroundings',
    mayEnd: 'at start',
    isPossible: ({ servers }) => servers[server] !== undefined,
    async run({ plant, pause }) {
      const pid = plant.servers[server]!.pid()!
      await pause(100, 900)
      signalTree(pid, 'SIGSTOP')
      await pause(1_000, 7_000)
      signalTree(pid, 'SIGCONT')
    },
  }
}

const moody = (mood: Exclude<StoreMood, 'ok'>, about: string): ServicesFault => ({
  kind: `store-${mood}`,
  about,
  class: 'surroundings',
  async run({ plant: { store }, pause, problem }) {
    await pause(100, 900)
    const before = store.misused()
    store.mood = mood
    await pause(1_500, 6_000)
    await until(
      async () => store.misused(),
      (now) => now > before,
    ).catch(() => problem(`store-${mood}: no request came`))
    store.mood = 'ok'
  },
})

const names = (plant: ServicesPlant) => [...plant.processes.keys()]

const killed = (name: string): ServicesFault => ({
  kind: `${name}-killed`,
  about:
    name === 'all' ? 'kill -9 of the one process that does everything' : `kill -9 of the ${name} process`,
  class: 'process',
  isPossible: (plant) => names(plant).includes(name),
  async run({ plant, random, pause }) {
    for (let kills = 1 + random.below(2); kills > 0; kills--) {
      await pause(50, 1_500)
      plant.processes.get(name)!.kill()
    }
    await plant.start()
  },
})

const oneOf: ServicesFault = {
  kind: 'process-stopped',
  about: 'SIGTERM of one of the processes under load; it ends with 0',
  class: 'process',
  async run({ plant, random, pause, problem }) {
    await pause(100, 1_500)
    const name = random.pick(names(plant))
    const code = await plant.processes.get(name)!.stop()
    if (code !== 0) problem(`${name}, asked to stop, ended with ${code}`)
    await plant.start()
  },
}

const oneFrozen: ServicesFault = {
  kind: 'process-frozen',
  about: 'SIGSTOP of one of the processes for one to six seconds',
  class: 'process',
  async run({ plant, random, pause }) {
    await pause(100, 900)
    const one = plant.processes.get(random.pick(names(plant)))!
    one.signal('SIGSTOP')
    await pause(1_000, 6_000)
    one.signal('SIGCONT')
  },
}

export const servicesFaults: readonly ServicesFault[] = [
  ...(['influx', 'redis', 'postgres', 'broker'] as const).flatMap((server) => [
    away(server, 'killed', 'is killed and started again after some seconds'),
    away(server, 'stopped', 'is stopped and started again after some seconds'),
    frozen(server),
  ]),
  moody('slow', 'InfluxDB answers 400 ms later'),
  moody(
    'errors',
    'InfluxDB answers four requests in five with 503, or does what it is asked and cuts the answer',
  ),
  moody('silent', 'InfluxDB takes requests and does not answer'),
  ...['all', 'ingest', 'score', 'alerts', 'web'].map(killed),
  oneOf,
  oneFrozen,
]
