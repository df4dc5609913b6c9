import type { DeviceAlarm } from '../../../core/ports.ts'
import type { PolicySettings } from '../../policy/settings.ts'
import type { AlarmView } from '../schemas/devices.ts'

/** Why a device has, or has not, an alarm, in numbers and in words. */
export function viewAlarm(alarm: DeviceAlarm, settings: PolicySettings): AlarmView {
  const over = alarm.recent.filter(Boolean).length
  const { k, n, raiseAt, clearBelow } = settings
  return {
    raised: alarm.raised,
    mode: alarm.mode,
    recent: alarm.recent,
    over,
    k,
    n,
    raiseAt,
    clearBelow,
    judgedUntil: alarm.judgedUntil,
    explanation: alarm.raised ? whyRaised(settings) : whyNot(alarm, over, settings),
  }
}

const percent = (probability: number): string => `${Math.round(probability * 100)} %`

const whyRaised = ({ n, clearBelow }: PolicySettings): string =>
  `The alarm stands until the failure probability is below ${percent(clearBelow)} in ${n} scored windows in a row.`

function whyNot(alarm: DeviceAlarm, over: number, { k, n, raiseAt }: PolicySettings): string {
  if (alarm.recent.length === 0) return 'No window has been judged since the device was new or repaired.'
  const windows = alarm.recent.length === 1 ? 'window' : 'windows'
  return (
    `${over} of the last ${alarm.recent.length} scored ${windows} reached a failure probability of ` +
    `${percent(raiseAt)}; ${k} of ${n} raise an alarm.`
  )
}
