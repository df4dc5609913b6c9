import type { DeviceRegister, ScoreStore, StoredScore, TicketStore } from '../../core/ports.ts'
import { disturbanceMode } from '../../core/ticket.ts'
import { type LifePart, timelineOf } from '../../models/training/labels/timeline.ts'

export interface LivesParts {
  readonly scores: Pick<ScoreStore, 'scores'>
  readonly register: Pick<DeviceRegister, 'list' | 'events'>
  readonly tickets: Pick<TicketStore, 'list'>
}

/** All scores of a device: more than any installation keeps. */
const allOfThem = 1_000_000

export const devicesOf = async (assetType: string, { register }: LivesParts): Promise<string[]> =>
  (await register.list()).filter((one) => one.assetType === assetType).map(({ device }) => device)

/** A device's scores of one role in [from, to], oldest first, none left out. */
export const scoresOf = (
  { scores }: LivesParts,
  { assetType, device, role }: Pick<StoredScore, 'assetType' | 'device' | 'role'>,
  from = 0,
  to = Number.MAX_SAFE_INTEGER,
): Promise<StoredScore[]> => scores.scores(assetType, device, from, to, allOfThem, role)

/** The lives of a device; the one that has not ended is known as far as `last`, ms. */
export async function livesOf(
  { register, tickets }: LivesParts,
  device: string,
  last: number,
): Promise<LifePart[]> {
  const raised = await tickets.list({ device, limit: Number.MAX_SAFE_INTEGER })
  const { parts } = timelineOf(
    await register.events(device),
    // A disturbance says nothing about the wear of the device that it began with.
    raised.filter(({ mode }) => mode !== disturbanceMode),
  )
  return parts.map((part) => (part.end === 'running' ? { ...part, until: last } : part))
}
