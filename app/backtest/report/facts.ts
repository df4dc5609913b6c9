import type { Fact } from '../../report/renderReport.ts'
import { inCount, inFigures } from '../../report/words.ts'
import type { BacktestResult } from '../backtest.ts'
import { counted, dayOf } from './phrases.ts'

const day = 86_400_000

/** What was replayed, through what, and how fast. */
export function factsOf(result: BacktestResult): Fact[] {
  const { devices, readings, windows, from, until, costs, backend, seconds, figures } = result
  const machineDays = (costs[0]?.time ?? 0) / day
  return [
    { name: 'Failures told in time', value: `${inCount(figures.found)} of ${inCount(figures.failures)}` },
    { name: 'Tickets', value: inCount(figures.tickets), note: `${inCount(figures.false)} false` },
    { name: 'Devices', value: inCount(devices), note: `${counted(machineDays, 'machine day')} seen` },
    {
      name: 'Replayed',
      value: counted((until - from) / day, 'day'),
      note: `${dayOf(from)} to ${dayOf(until)}`,
    },
    { name: 'Readings', value: inCount(readings) },
    { name: 'Windows scored', value: inCount(windows), note: `TensorFlow.js on ${backend}` },
    {
      name: 'Model version',
      value: result.model.slice(0, 12) || '–',
      note: windows === 0 ? 'nothing was scored' : undefined,
    },
    { name: 'Replay took', value: `${inFigures(seconds)} s`, note: speed(result) },
  ]
}

/** How much faster than the days themselves, to two digits. */
function speed({ from, until, seconds }: BacktestResult): string | undefined {
  const times = (until - from) / 1_000 / seconds
  return times >= 1 && Number.isFinite(times)
    ? `${inCount(Number(times.toPrecision(2)))} times faster than real time`
    : undefined
}

/** The policy as its author would say it. */
export function policyWords({ policy, horizon, usageUnit }: BacktestResult): string {
  const { k, n, raiseAt, clearBelow } = policy
  const windows =
    n === 1
      ? 'one window gives'
      : k === n
        ? `${n} windows in a row give`
        : `${k} of ${n} windows in a row give`
  const calm = n === 1 ? 'one is' : `${n} in a row are`
  return `Policy: a ticket is opened when ${windows} a failure within ${inFigures(horizon)} ${usageUnit} a probability of ${inFigures(100 * raiseAt)} % or more; the alarm is over when ${calm} below ${inFigures(100 * clearBelow)} %.`
}

export const plannerWords: Readonly<Record<BacktestResult['planner'], string>> = {
  recorded: 'Planner: as recorded. Tickets are finished when they were really finished.',
  assumed:
    'Planner: assumed. Tickets are finished when the machine fails or is renewed, or when the alarm clears, as a planner would who looks at once.',
}
