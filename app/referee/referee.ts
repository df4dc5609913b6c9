import type { Catalogue } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { ModelDecision } from '../../core/model.ts'
import type { ModelRegistry } from '../../core/ports.ts'
import { type CompareParts, type Comparison, compareInForce } from './compare.ts'

export interface RefereeParts extends Omit<CompareParts, 'registry'> {
  readonly catalogue: Catalogue
  readonly registry: ModelRegistry
}

export interface Wish {
  /** Whole hash; the challenger where left out. */
  readonly hash?: string | undefined
  readonly actor: string
  readonly reason: string
  /** Without having been better. */
  readonly force?: boolean | undefined
}

/** Says which model is better, and sees to it that only a better one is promoted. */
export interface Referee {
  /** Null where nothing is to be compared. */
  compare(assetType: string): Promise<Comparison | null>
  /**
   * Puts a version in force. Throws MODEL_NOT_BETTER unless it is the challenger and forecasts better, or `force` is set;
   * and what the registry throws.
   */
  promote(assetType: string, wish: Wish): Promise<ModelDecision>
  /** Promotes every challenger that is better, refuses every one that is worse. */
  round(): Promise<ModelDecision[]>
}

export function createReferee(parts: RefereeParts): Referee {
  const { catalogue, registry } = parts

  async function compare(assetType: string): Promise<Comparison | null> {
    const type = catalogue.get(assetType)
    if (!type) throw new ForewarnError('NOT_FOUND', { path: assetType })
    return compareInForce(type, parts)
  }

  async function promote(
    assetType: string,
    { hash, actor, reason, force = false }: Wish,
  ): Promise<ModelDecision> {
    const { challenger } = await registry.inForce(assetType)
    const wanted = hash ?? challenger ?? undefined
    if (wanted === undefined)
      throw new ForewarnError('MODEL_DECISION_INVALID', {
        action: 'promoted',
        problem: 'there is no challenger',
      })
    const comparison = wanted === challenger ? await compare(assetType) : null
    if (!force && comparison?.verdict !== 'better') throw notBetter(wanted, comparison)
    return registry.decide(assetType, {
      action: 'promoted',
      hash: wanted,
      actor,
      reason: force ? `forced: ${reason}` : reason,
      ...(comparison && { figures: figuresOf(comparison) }),
    })
  }

  async function round(): Promise<ModelDecision[]> {
    const made: ModelDecision[] = []
    for (const assetType of catalogue.keys()) {
      const comparison = await compare(assetType)
      if (!comparison || comparison.verdict === 'undecided') continue
      made.push(
        await registry.decide(assetType, {
          action: comparison.verdict === 'better' ? 'promoted' : 'refused',
          hash: comparison.challengerHash,
          actor: 'forewarn',
          reason: comparison.reason,
          figures: figuresOf(comparison),
        }),
      )
    }
    return made
  }

  return { compare, promote, round }
}

function notBetter(hash: string, comparison: Comparison | null): ForewarnError {
  const problem = comparison?.reason ?? 'it has not scored beside the champion'
  return new ForewarnError('MODEL_NOT_BETTER', { model: hash.slice(0, 12), problem })
}

/** The numbers of a comparison, for the history. */
function figuresOf({
  failures,
  healthy,
  windows,
  champion,
  challenger,
  ...rest
}: Comparison): Record<string, number> {
  const { gain, gainLow, gainHigh } = rest
  const figures = { failures, healthy, windows, champion, challenger, gain, gainLow, gainHigh }
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)))
}
