import type { PolicySettings } from '../../alerts/policy/settings.ts'
import type { AssetType } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import type { Config } from '../../core/config.ts'
import { ForewarnError } from '../../core/errors.ts'
import { type ReplayParts, replayScores, type ScoreReplay } from './scoreReplay.ts'

export interface ReplaysParts extends ReplayParts {
  readonly rules: Pick<Config['policy']['budget'], 'historyDays'>
  readonly clock: Pick<Clock, 'elapsed'>
}

/** How long a replay answers for those who move the budget to and fro, ms. */
const keptMs = 60_000

interface Underway {
  readonly key: string
  readonly stopping: AbortController
  readonly result: Promise<ScoreReplay>
  waiting: number
}

/** One replay at a time: whoever asks for the same joins, and when the last of them has gone it ends. */
export function createReplays({ rules, clock, ...parts }: ReplaysParts) {
  let underway: Underway | undefined
  let kept: { readonly key: string; readonly at: number; readonly replay: ScoreReplay } | undefined

  function begin(key: string, type: AssetType, settings: PolicySettings): Underway {
    const stopping = new AbortController()
    const { historyDays } = rules
    const result = replayScores(type, parts, { settings, historyDays, signal: stopping.signal })
    const made: Underway = { key, stopping, result, waiting: 0 }
    result.then(
      (replay) => {
        kept = { key, at: clock.elapsed(), replay }
        end(made)
      },
      () => end(made),
    )
    return made
  }

  function end(one: Underway): void {
    if (underway === one) underway = undefined
  }

  /** Throws BUDGET_BUSY while another asset type is replayed, and what `replayScores` throws. */
  async function of(type: AssetType, settings: PolicySettings, signal?: AbortSignal): Promise<ScoreReplay> {
    const key = JSON.stringify([type.name, settings])
    if (kept?.key === key && clock.elapsed() - kept.at < keptMs) return kept.replay
    if (underway && underway.key !== key) throw new ForewarnError('BUDGET_BUSY', { assetType: type.name })
    underway ??= begin(key, type, settings)
    const mine = underway
    mine.waiting += 1
    const leave = () => {
      mine.waiting -= 1
      if (mine.waiting > 0) return
      mine.stopping.abort()
      end(mine)
    }
    if (signal?.aborted) leave()
    signal?.addEventListener('abort', leave, { once: true })
    try {
      return await mine.result
    } finally {
      signal?.removeEventListener('abort', leave)
    }
  }

  return { of }
}
