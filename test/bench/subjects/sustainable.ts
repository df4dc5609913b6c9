import type { BenchContext } from '../lib/benchCase.ts'
import { confirmed, highestRate } from '../lib/highestRate.ts'
import type { Subject, Trial } from './subject.ts'
import { held, inWords, tryRate } from './trial.ts'

/** A rate is tried for so long while the highest is looked for, s. */
const stepSeconds = 15
/** How exact the highest rate is, as a factor. */
const within = 1.1
const lowest = 250

export interface SustainableOptions {
  readonly connections: number
  /** Of the final trial. */
  readonly seconds: number
  /** Where the search begins, messages a second. */
  readonly start: number
}

/** The highest rate that a subject stores whole, no more than a second behind, as a trial of the whole time. */
export async function sustainable(
  context: Pick<BenchContext, 'progress'>,
  subject: Subject,
  { connections, seconds, start }: SustainableOptions,
): Promise<Trial> {
  const tryFor = (duration: number) => async (rate: number) => {
    const trial = await tryRate(subject, { connections, rate, seconds: duration })
    context.progress(inWords(trial))
    return trial
  }
  const common = { within, holds: held }
  const step = tryFor(Math.min(stepSeconds, seconds))
  const { rate, tooMuch } = await highestRate({ ...common, start, lowest, trial: step })
  return await confirmed(rate || tooMuch, { ...common, trial: tryFor(seconds) })
}

/** What every case tells about a trial. */
export function figuresOf({ load, backlogSeconds, stored, catchUpSeconds, cores }: Trial) {
  return {
    messagesPerSecond: Math.round(load.acknowledgedInTime / load.seconds),
    ackP50Ms: load.ackP50Ms,
    ackP99Ms: load.ackP99Ms,
    ackMaxMs: load.ackMaxMs,
    backlogSeconds,
    catchUpSeconds,
    lost: load.acknowledged - stored,
    ...Object.fromEntries(Object.entries(cores).map(([name, used]) => [`${name}Cores`, used])),
    cpuMicrosecondsPerMessage: Number(cpuMicroseconds({ load, cores }).toFixed(1)),
  }
}

/** CPU time of all processes together that a message takes, µs. */
export const cpuMicroseconds = ({ load, cores }: Pick<Trial, 'load' | 'cores'>): number =>
  (Object.values(cores).reduce((sum, used) => sum + used, 0) * load.seconds * 1e6) / load.acknowledged
