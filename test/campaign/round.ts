import { type Config, parseConfig } from '../../core/config.ts'
import type { Random } from '../../edge/simulator/random.ts'
import { check, type Findings, type Verdict } from './check.ts'
import type { Fault, Scene } from './faults/fault.ts'
import type { Load } from './load.ts'
import type { Plant, UnaskedEnd } from './plant.ts'

export interface RoundResult {
  readonly faults: readonly string[]
  readonly verdict: Verdict
  readonly findings: Findings
  /** Whatever should not have been, beside the verdict; a round with any has failed. */
  readonly problems: readonly string[]
  /** Ends of a process that the faults of the round explain. */
  readonly explainedEnds: readonly string[]
}

/** Everything must be acknowledged so long after the last fault has healed, ms. */
const acknowledgedMs = 60_000

const nothing: Findings = { stored: [], letters: [], scores: [], tickets: [] }
/** Of an installation that could not be asked: its round has failed by that alone. */
const unknown: Verdict = { lost: [], doubled: [], wrong: [], tickets: [] }
const policy: Config['policy'] = parseConfig({}).policy

/** One round: load, faults, healing, settling, and the account of all that was ever sent to this installation. */
export async function runRound<P extends Plant>(
  plant: P,
  load: Load,
  faults: readonly Fault<P>[],
  random: Random,
  round: number,
): Promise<RoundResult> {
  const problems: string[] = []
  const scene: Scene<P> = {
    plant,
    random,
    mayEnd: faults.some(({ mayEnd }) => mayEnd === 'any time'),
    pause: (from, to) => new Promise((resolve) => setTimeout(resolve, random.between(from, to))),
    publish: (messages, perSecond) => load.publish(messages, perSecond),
    sendLastAgain: () => load.sendLastAgain(),
    problem: (text) => problems.push(text),
  }
  let findings: Findings | undefined
  try {
    await plant.start()
    load.nextRound(round)
    await Promise.all(faults.map((fault) => fault.run(scene)))
    await plant.start()
    await load.acknowledged(acknowledgedMs).catch((error) => problems.push(String(error)))
    await plant.settled(load.journal.acknowledged.size)
    findings = await plant.findings()
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  const ends = plant.unasked()
  const explained = ends.filter((end) => isExplained(end, faults))
  problems.push(...ends.filter((end) => !explained.includes(end)).map(({ text }) => text))
  return {
    faults: faults.map(({ kind }) => kind),
    verdict: findings ? check(load.journal, findings, load.failed(), policy) : unknown,
    findings: findings ?? nothing,
    problems,
    explainedEnds: explained.map(({ text }) => text),
  }
}

/** By a fault under which a process may end, or under which one that starts may give up. */
const isExplained = ({ atStart }: UnaskedEnd, faults: readonly Pick<Fault<Plant>, 'mayEnd'>[]): boolean =>
  faults.some(({ mayEnd }) => mayEnd === 'any time' || (mayEnd === 'at start' && atStart))
