import { startProcess } from '../../support/forewarnProcess.ts'
import { readOnlyView } from '../disk.ts'
import type { EmbeddedPlant } from '../embeddedPlant.ts'
import type { Fault } from './fault.ts'

type EmbeddedFault = Fault<EmbeddedPlant>

const kill: EmbeddedFault = {
  kind: 'kill',
  about: 'kill -9 under load, once or twice',
  class: 'process',
  async run({ plant, random, pause }) {
    for (let kills = 1 + random.below(2); kills > 0; kills--) {
      await pause(50, 900)
      plant.process.kill()
      await plant.start()
    }
  },
}

const killAtStart: EmbeddedFault = {
  kind: 'kill-at-start',
  about: 'kill -9, and again while it starts, twice',
  class: 'process',
  async run({ plant, pause }) {
    for (let kills = 2; kills > 0; kills--) {
      plant.process.kill()
      await pause(300, 2_500)
    }
    plant.process.kill()
    await plant.start()
  },
}

const killAtStop: EmbeddedFault = {
  kind: 'kill-at-stop',
  about: 'kill -9 while it stops',
  class: 'process',
  async run({ plant, random, pause }) {
    await pause(100, 900)
    await plant.process.stop(random.below(500))
    await plant.start()
  },
}

const stopUnderLoad: EmbeddedFault = {
  kind: 'stop',
  about: 'SIGTERM under load; it ends with 0, where no other fault is in its way',
  class: 'process',
  async run({ plant, pause, mayEnd, problem }) {
    await pause(100, 900)
    const code = await plant.process.stop()
    if (code !== 0 && !mayEnd) problem(`asked to stop, it ended with ${code}`)
    await plant.start()
  },
}

const frozen: EmbeddedFault = {
  kind: 'frozen',
  about: 'SIGSTOP for one to four seconds, as of a machine that swaps or is suspended',
  class: 'process',
  async run({ plant, pause }) {
    await pause(100, 900)
    await plant.start()
    plant.process.signal('SIGSTOP')
    await pause(1_000, 4_000)
    plant.process.signal('SIGCONT')
  },
}

const readOnlyFolder: EmbeddedFault = {
  kind: 'read-only',
  about: 'it is started on a data folder that is mounted read-only, and says so',
  class: 'process',
  isPossible: () => readOnlyView.isPossible(),
  async run({ plant, pause, problem }) {
    await pause(100, 900)
    await plant.process.stop()
    const folder = plant.dataFolder
    const started = startProcess({ folder, through: [...plant.through, ...readOnlyView.through(folder)] })
    const outcome = await started.then(
      async (one) => {
        await one.kill()
        return 'it started'
      },
      (error) => String(error),
    )
    if (!outcome.includes('DATA_FOLDER_UNUSABLE')) problem(`on a read-only folder: ${outcome}`)
    await plant.start()
  },
}

export const processFaults: readonly EmbeddedFault[] = [
  kill,
  killAtStart,
  killAtStop,
  stopUnderLoad,
  frozen,
  readOnlyFolder,
]
