import type { AssetType } from '../../core/catalogue.ts'
import type { ModelRegistry, StoredScore } from '../../core/ports.ts'
import { type Block, type Contest, contest, type PairedWindow } from '../../models/contest/contest.ts'
import { windowLabel } from '../../models/contest/windowLabel.ts'
import type { LifePart } from '../../models/training/labels/timeline.ts'
import { devicesOf, type LivesParts, livesOf, scoresOf } from './lives.ts'

export interface CompareParts extends LivesParts {
  readonly registry: Pick<ModelRegistry, 'inForce'>
}

/** Champion and challenger on everything that both have scored, and whose outcome is known. */
export interface Comparison extends Contest {
  readonly assetType: string
  readonly championHash: string
  readonly challengerHash: string
}

/** Compares the models in force; null where there is no challenger, or no champion to beat. */
export async function compareInForce(type: AssetType, parts: CompareParts): Promise<Comparison | null> {
  const { champion, challenger } = await parts.registry.inForce(type.name)
  if (champion === null || challenger === null) return null
  const blocks: Block[] = []
  for (const device of await devicesOf(type.name, parts))
    blocks.push(...(await blocksOf(type, device, { champion, challenger }, parts)))
  return {
    assetType: type.name,
    championHash: champion,
    challengerHash: challenger,
    ...contest(blocks),
  }
}

/** One block a life of the device. */
async function blocksOf(
  type: AssetType,
  device: string,
  hashes: { readonly champion: string; readonly challenger: string },
  parts: CompareParts,
): Promise<Block[]> {
  const of = (role: StoredScore['role']) => ({ assetType: type.name, device, role })
  const shadow = (await scoresOf(parts, of('challenger'))).filter((s) => s.model === hashes.challenger)
  if (shadow.length === 0) return []
  const last = shadow.at(-1)!.windowEnd
  const counted = await scoresOf(parts, of('champion'), shadow[0]!.windowEnd, last + 1)
  const own = counted.filter(({ model }) => model === hashes.champion)
  const champion = new Map(own.map((score) => [score.windowEnd, score.failureProbability]))
  const horizon = (type.horizon / type.usage.perSlot) * type.cadenceMs
  const lives = await livesOf(parts, device, last)
  return lives.map((part) => pairsIn(part, shadow, champion, horizon))
}

function pairsIn(
  part: LifePart,
  shadow: readonly StoredScore[],
  champion: ReadonlyMap<number, number>,
  horizon: number,
): PairedWindow[] {
  return shadow.flatMap(({ windowEnd, failureProbability: challenger }) => {
    const both = champion.get(windowEnd)
    if (both === undefined || windowEnd <= part.after || windowEnd > part.until) return []
    const failing = windowLabel(part, windowEnd, horizon)
    return failing === undefined ? [] : [{ champion: both, challenger, failing }]
  })
}
