import type { AutomationLevel } from '../../../core/policySetting.ts'
import type { DeviceAlarm } from '../../../core/ports.ts'
import type { Judgement } from '../decision.ts'

/** What alarms of an asset type and suspected mode may do. */
export type LevelOf = (assetType: string, mode: string) => AutomationLevel

/** More are forgotten, the oldest first: a device that flaps does not outvote the others. */
const shadowedLength = 20

/** A ticket that is open is kept up to date, even where a suspicion like its new one would open none. */
export const levelIn = (
  kind: 'raise' | 'update',
  before: Pick<DeviceAlarm, 'shadow'>,
  level: AutomationLevel,
): AutomationLevel => (level === 'shadow' && kind === 'update' && !before.shadow ? 'suggest' : level)

/** The alarm is raised as ever, and its raise remembered to be judged by what becomes of the device; nothing is sent. */
export function inShadow(
  kind: 'raise' | 'update',
  alarm: DeviceAlarm & { readonly raisedAt: number; readonly mode: string },
  now: number,
): Judgement {
  if (kind === 'update') return { alarm, decision: { kind: 'hold', reason: 'still_raised' } }
  const { raisedAt: at, mode, shadowed = [] } = alarm
  const remembered = [...shadowed, { at, mode, decidedAt: now }].slice(-shadowedLength)
  return {
    alarm: { ...alarm, shadow: true, shadowed: remembered },
    decision: { kind: 'hold', reason: 'shadow', detail: mode },
  }
}
