import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom } from '../../edge/simulator/random.ts'
import { isClean } from './check.ts'
import { chooseFaults } from './choose.ts'
import type { Fault } from './faults/fault.ts'
import { roundsALife } from './fleet.ts'
import type { Journal } from './journal.ts'
import { Load } from './load.ts'
import type { Plant } from './plant.ts'
import { type RoundResult, runRound } from './round.ts'

/** What a campaign is made of: installations of one sort, and the faults that can befall them. */
export interface Scenery<P extends Plant> {
  readonly faults: readonly Fault<P>[]
  /** A new installation in `folder`; `life` counts them. */
  make(folder: string, life: number): Promise<P>
}

export interface CampaignOptions {
  /** The first round, from 1; one that begins a life. */
  readonly from: number
  readonly rounds: number
  readonly seed: string
}

export interface Told extends RoundResult {
  readonly round: number
  readonly ms: number
  readonly isClean: boolean
  /** Where its data was left; undefined where all was well. */
  readonly folder: string | undefined
  /** First round of the installation's life: repeats the round with all that was before. */
  readonly firstOfLife: number
  /** Of this round alone. */
  readonly counts: Journal['counts']
}

/** Rounds one after the other; an installation lives for some of them, then a new one takes its place. */
export async function* runCampaign<P extends Plant>(
  { faults, make }: Scenery<P>,
  { from, rounds, seed }: CampaignOptions,
): AsyncGenerator<Told> {
  let life: Life<P> | undefined
  try {
    for (let round = from; round < from + rounds; round++) {
      if (!life || (round - 1) % roundsALife === 0) {
        await life?.end()
        life = await begin(make, seed, round)
      }
      const told = await life.round(faults, seed, round)
      yield told
      // what a broken installation does next says nothing
      if (!told.isClean) {
        await life.end()
        life = undefined
      }
    }
  } finally {
    await life?.end()
  }
}

interface Life<P extends Plant> {
  round(faults: readonly Fault<P>[], seed: string, round: number): Promise<Told>
  end(): Promise<void>
}

async function begin<P extends Plant>(
  make: Scenery<P>['make'],
  seed: string,
  firstOfLife: number,
): Promise<Life<P>> {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-campaign-'))
  const plant = await make(folder, Math.floor((firstOfLife - 1) / roundsALife))
  const load = new Load(createRandom(`${seed}/life/${firstOfLife}`), () => plant.mqttUrl())
  let keep = false
  return {
    async round(faults, seed, round) {
      const random = createRandom(`${seed}/${round}`)
      const begun = performance.now()
      const before = { ...load.journal.counts }
      const result = await runRound(plant, load, chooseFaults(faults, plant, random), random, round)
      const clean = result.problems.length === 0 && isClean(result.verdict)
      if (!clean) keep = true
      const { counts } = load.journal
      return {
        ...result,
        round,
        ms: performance.now() - begun,
        isClean: clean,
        folder: clean ? undefined : plant.folder,
        firstOfLife,
        counts: {
          sent: counts.sent - before.sent,
          acknowledged: counts.acknowledged - before.acknowledged,
          repeated: counts.repeated - before.repeated,
        },
      }
    },
    async end() {
      await load.close()
      await plant.close({ keep })
      if (!keep) rmSync(folder, { recursive: true, force: true })
    },
  }
}
