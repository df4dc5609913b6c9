import { judge } from '../../alerts/policy/policy.ts'
import type { PolicySettings } from '../../alerts/policy/settings.ts'
import type { AssetType } from '../../core/catalogue.ts'
import type { Score } from '../../core/score.ts'
import { simulateLife } from '../../edge/simulator/lives.ts'
import { pumpModes } from '../../edge/simulator/pumpFaults.ts'
import { type Aim, aimOf } from '../../models/evaluation/aims.ts'
import { percentile } from '../../models/evaluation/alarms.ts'
import type { AssetModel, Verdict } from '../../models/scoring/assetModel.ts'
import { lifeRows, scoredRows, type TrainingLife, windowAt } from '../../models/training/dataset.ts'

/** How many pumps are simulated; their seeds begin with `judge-`, which no training uses. */
export interface SimulatedCounts {
  readonly failingEach: number
  /** Healthy pumps, each watched for 30 days. */
  readonly healthy: number
}

/** One pump as the policy saw it. */
interface JudgedPump {
  /** Mode of every alarm raised, in order. */
  readonly raised: readonly string[]
  /** Remaining life at the first alarm, hours; null without one, or for a healthy pump. */
  readonly lead: number | null
  /** Windows scored, and those of them that name a mode though the pump is healthy. */
  readonly windows: number
  readonly named: number
}

export interface SimulatedPumps {
  readonly aims: readonly Aim[]
  readonly details: {
    /** `confusion[true mode][mode of the first alarm]`, `none` where there was no alarm. */
    readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>
    readonly modesRight: number
    readonly failuresAlarmed: number
    readonly leadMedian: number
    readonly leadP10: number
    readonly falseAlarmsPerDevice30Days: number
    /** Share of healthy windows that name no mode. */
    readonly healthyUnknown: number
  }
}

/** What is aimed at. */
const aims = { modesRight: 0.9, failuresAlarmed: 1, falseAlarms: 1, healthyUnknown: 0.99 } as const

const slotsPerHour = 6
const monthSlots = 30 * 24 * slotsPerHour

/** Judges a pump model on simulated pumps that trained nothing, by the policy that runs live. */
export function judgeSimulatedPumps(
  type: AssetType,
  model: AssetModel,
  policy: PolicySettings,
  counts: SimulatedCounts,
): SimulatedPumps {
  const failing = pumpModes.map((mode) => ({
    mode,
    pumps: times(counts.failingEach).map((i) => judgePump(type, model, policy, failingLife(mode, i))),
  }))
  const healthy = times(counts.healthy).map((i) => judgePump(type, model, policy, healthyLife(i)))
  const all = failing.flatMap(({ mode, pumps }) => pumps.map((pump) => ({ mode, ...pump })))
  const alarmed = all.filter((pump) => pump.lead !== null)
  const leads = alarmed.map((pump) => pump.lead!).sort((a, b) => a - b)
  const sum = (of: (pump: JudgedPump) => number) => healthy.reduce((total, pump) => total + of(pump), 0)
  const details = {
    confusion: Object.fromEntries(
      failing.map(({ mode, pumps }) => [mode, countsOf(pumps.map((pump) => pump.raised[0] ?? 'none'))]),
    ),
    modesRight: all.filter((pump) => pump.raised[0] === pump.mode).length / all.length,
    failuresAlarmed: alarmed.length / all.length,
    leadMedian: percentile(leads, 0.5),
    leadP10: percentile(leads, 0.1),
    falseAlarmsPerDevice30Days: sum((pump) => pump.raised.length) / healthy.length,
    healthyUnknown: 1 - sum((pump) => pump.named) / sum((pump) => pump.windows),
  }
  return { aims: aimsOf(details, all.length, healthy.length), details }
}

const times = (count: number) => Array.from({ length: count }, (_, i) => i)

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** A fault begins at an age between one and four days. */
function failingLife(mode: string, i: number): TrainingLife {
  const seed = `judge-${mode}-${i}`
  const { values, rul } = simulateLife({
    seed,
    mode,
    startHours: 24 + ((i * 7) % 72),
    totalSlots: 400 * slotsPerHour,
  })
  return { id: seed, values, rul }
}

function healthyLife(i: number): TrainingLife {
  const seed = `judge-healthy-${i}`
  const { values } = simulateLife({ seed, mode: null, startHours: 0, totalSlots: monthSlots })
  return { id: seed, values, rul: null }
}

function judgePump(
  type: AssetType,
  model: AssetModel,
  policy: PolicySettings,
  life: TrainingLife,
): JudgedPump {
  const values = lifeRows(life)
  const ends = scoredRows(life, type)
  const verdicts = model.score(
    ends.map((end) => ({ window: windowAt(values, type.channels.length, end, type.window.length), from: 0 })),
  )
  let alarm: Parameters<typeof judge>[0]
  const raised: string[] = []
  let lead: number | null = null
  verdicts.forEach((verdict, i) => {
    const judged = judge(alarm, scoreOf(type, verdict, i + 1), type, policy, 0)
    alarm = judged.alarm
    if (judged.decision.kind !== 'raise') return
    raised.push(judged.decision.prediction.mode)
    lead ??= life.rul?.[ends[i]!] ?? null
  })
  const named = verdicts.filter((verdict) => verdict.suspectedMode !== 'unknown').length
  return { raised, lead, windows: verdicts.length, named }
}

function scoreOf(type: AssetType, verdict: Verdict, windowEnd: number): Score {
  return {
    ...verdict,
    device: 'pump',
    site: '',
    assetType: type.name,
    windowEnd,
    model: '',
    role: 'champion',
    publishedAt: Number.NaN,
    evidence: {
      window: new Float32Array(0),
      rows: 0,
      channels: [],
      times: new Float64Array(0),
      backend: '',
      simd: false,
    },
  }
}

function aimsOf(details: SimulatedPumps['details'], failing: number, healthy: number): Aim[] {
  const set = 'simulated pumps'
  const failed = `${failing} pumps that trained nothing, at the first alarm`
  return [
    aimOf({
      set,
      figure: 'failure mode right, %',
      aim: [100 * aims.modesRight, null],
      values: [100 * details.modesRight],
      baseline: { name: 'any of five', value: 20 },
      note: failed,
    }),
    aimOf({
      set,
      figure: 'failures alarmed beforehand, %',
      aim: [100 * aims.failuresAlarmed, null],
      values: [100 * details.failuresAlarmed],
      note: `median lead ${details.leadMedian.toFixed(0)} h, P10 ${details.leadP10.toFixed(0)} h`,
    }),
    aimOf({
      set,
      figure: 'false alarms per device and 30 days',
      aim: [null, aims.falseAlarms],
      values: [details.falseAlarmsPerDevice30Days],
      note: `${healthy} healthy pumps, 30 days each`,
    }),
    aimOf({
      set,
      figure: 'healthy windows without a mode, %',
      aim: [100 * aims.healthyUnknown, null],
      values: [100 * details.healthyUnknown],
    }),
  ]
}
