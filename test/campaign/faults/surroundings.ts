import type { Summary } from '../../../alerts/http/schemas/index.ts'
import { getJson, until } from '../../support/forewarnProcess.ts'
import { limitFiles } from '../disk.ts'
import type { EmbeddedPlant } from '../embeddedPlant.ts'
import { flood } from './devices.ts'
import type { Fault, Scene } from './fault.ts'

type EmbeddedFault = Fault<EmbeddedPlant>
type EmbeddedScene = Scene<EmbeddedPlant>

const diskFull: EmbeddedFault = {
  kind: 'disk-full',
  about: 'the disk is full to the last byte for one to three seconds',
  class: 'surroundings',
  mayEnd: 'any time',
  isPossible: ({ disk }) => disk !== undefined,
  async run(scene) {
    const { plant, pause, publish } = scene
    await pause(100, 900)
    // one that is just starting, as after another fault, writes nothing that could be refused
    await plant.process.up()
    const refused = watchForRefusal(scene, 'disk-full')
    plant.disk!.fill()
    // what needs more room than lies free within the files
    publish(flood(Date.now()))
    await pause(1_000, 3_000)
    await refused()
    plant.disk!.empty()
  },
}

/** The fault has come to pass when the process says that something could not be written; or it has ended. */
function watchForRefusal({ plant: { process }, problem }: EmbeddedScene, kind: string): () => Promise<void> {
  const { pid } = process
  const before = process.log().length
  const refusal = /no space|could not|cannot be|not acknowledged|fails|too large/i
  const seen = async () => process.pid !== pid || refusal.test(process.log().slice(before))
  return () =>
    until(seen, Boolean, 10_000).then(
      () => undefined,
      () => problem(`${kind}: nothing was refused`),
    )
}

const diskRefuses: EmbeddedFault = {
  kind: 'disk-refuses',
  about: 'while it runs, every write to every file fails (RLIMIT_FSIZE), as of a disk that went read-only',
  class: 'surroundings',
  mayEnd: 'any time',
  async run(scene) {
    const { plant, pause } = scene
    await pause(100, 900)
    await plant.process.up()
    const pid = plant.process.pid!
    const refused = watchForRefusal(scene, 'disk-refuses')
    limitFiles(pid, 0)
    await pause(500, 2_500)
    await refused()
    // another process has the limit no more
    if (plant.process.pid === pid) limitFiles(pid, 'unlimited')
  },
}

/** The store misbehaves for a while; `Control` counts that it did. */
const storeFault = (store: 'slow' | 'errors' | 'silent', about: string): EmbeddedFault => ({
  kind: `store-${store}`,
  about,
  class: 'surroundings',
  async run({ plant, pause, problem }) {
    await pause(100, 900)
    const before = plant.control.misused()
    plant.control.set({ store })
    await pause(1_500, 4_000)
    await until(
      async () => plant.control.misused(),
      (now) => now > before,
    ).catch(() => problem(`store-${store}: no transaction came that could be misused`))
    plant.control.set({ store: 'ok' })
  },
})

const logFull: EmbeddedFault = {
  kind: 'log-full',
  about: 'the store does not answer until the reading log has reached its cap; health says so, devices wait',
  class: 'alone',
  async run(scene: EmbeddedScene) {
    const { plant, publish, pause, problem } = scene
    plant.settings = { FOREWARN_LOG_MAXBYTES: '1000000' }
    await plant.process.stop()
    plant.control.set({ store: 'silent' })
    await plant.start()
    publish(flood(Date.now()))
    await until(() => healthOf(plant), isFull, 20_000).catch((error) => problem(`log-full: ${error}`))
    await pause(500, 2_000)
    plant.control.set({ store: 'ok' })
    plant.settings = {}
  },
}

const healthOf = async (plant: EmbeddedPlant) => {
  const summary = await getJson<Summary>(`${plant.httpUrl()}/api/summary`).catch(() => undefined)
  return summary?.health.checks.find(({ name }) => name === 'log')
}

const isFull = (check: { ok: boolean } | undefined) => check?.ok === false

export const surroundings: readonly EmbeddedFault[] = [
  diskFull,
  diskRefuses,
  storeFault('slow', 'every transaction of the store takes 300 ms longer'),
  storeFault('errors', 'four transactions of the store in five fail, half of those after they were done'),
  storeFault('silent', 'the store does not answer'),
  logFull,
]
