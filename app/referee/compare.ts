import type { AssetType } from '../../core/catalogue.ts'
import type { DeviceRegister, ModelRegistry, ScoreStore, StoredScore, TicketStore } from '../../core/ports.ts'
import { type Block, type Contest, contest, type PairedWindow } from '../../models/contest/contest.ts'
import { windowLabel } from '../../models/contest/windowLabel.ts'
import { type LifePart, timelineOf } from '../../models/training/labels/timeline.ts'

export interface CompareParts {
  readonly registry: Pick<ModelRegistry, 'inForce'>
  readonly scores: Pick<ScoreStore, 'scores'>
  readonly register: Pick<DeviceRegister, 'list' | 'events'>
  readonly tickets: Pick<TicketStore, 'list'>
}

/** Champion and challenger on everything that both have scored, and whose outcome is known. */
export interface Comparison extends Contest {
  readonly assetType: string
  readonly championHash: string
  readonly challengerHash: string
}

/** All scores of a device: more than any shadow lasts. */
const allOfThem = 1_000_000

/** Compares the models in force; null where there is no challenger, or no champion to beat. */
export async function compareInForce(type: AssetType, parts: CompareParts): Promise<Comparison | null> {
  const { champion, challenger } = await parts.registry.inForce(type.name)
  if (champion === null || challenger === null) return null
  const devices = (await parts.register.list()).filter(({ assetType }) => assetType === type.name)
  const blocks: Block[] = []
  for (const { device } of devices)
    blocks.push(...(await blocksOf(type, device, { champion, challenger }, parts)))
  return { assetType: type.name, championHash: champion, challengerHash: challenger, ...contest(blocks) }
}

/** One block a life of the device. */
async function blocksOf(
  type: AssetType,
  device: string,
  hashes: { readonly champion: string; readonly challenger: string },
  { scores, register, tickets }: CompareParts,
): Promise<Block[]> {
  const read = async (role: StoredScore['role'], model: string, from: number, to: number) =>
    (await scores.scores(type.name, device, from, to, allOfThem, role)).filter((s) => s.model === model)
  const shadow = await read('challenger', hashes.challenger, 0, Number.MAX_SAFE_INTEGER)
  if (shadow.length === 0) return []
  const counted = await read('champion', hashes.champion, shadow[0]!.windowEnd, shadow.at(-1)!.windowEnd + 1)
  const timeline = timelineOf(
    await register.events(device),
    await tickets.list({ device, limit: Number.MAX_SAFE_INTEGER }),
  )
  const last = Math.max(shadow.at(-1)!.windowEnd, counted.at(-1)?.windowEnd ?? 0)
  const horizon = (type.horizon / type.usage.perSlot) * type.cadenceMs
  const byEnd = new Map(counted.map((score) => [score.windowEnd, score.failureProbability]))
  return timeline.parts.map((part) => pairsIn(observed(part, last), shadow, byEnd, horizon))
}

/** A life that has not ended is known as far as its newest window. */
const observed = (part: LifePart, last: number): LifePart =>
  part.end === 'running' ? { ...part, until: last } : part

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
