import type { AssetType } from '../../core/catalogue.ts'
import type { MaintenanceWindow } from '../../core/maintenance.ts'
import { assertVarying } from './checks/constant.ts'
import { assertFailures, assertLives } from './checks/lives.ts'
import { assertFilled, assertKnown, assertTimes } from './checks/readings.ts'
import { assertOneScale } from './checks/scale.ts'
import { slotsOf, type TrainingLife } from './dataset.ts'
import { type Labelled, type LabelledLife, type LeftOut, labelLives } from './labels/lives.ts'
import { type LifeEnd, type LifeMoment, lifeEnds, type TicketLabel, timelineOf } from './labels/timeline.ts'
import type { Recipe } from './recipes.ts'
import { type DeviceSeries, readingsIn } from './series.ts'
import type { TrainingSet } from './trainAsset.ts'

/** What a source of training data gives: readings, and what is known of the machines' lives. */
export interface RawData {
  /** Name for people, such as `pumps.csv`. */
  readonly name: string
  readonly series: readonly DeviceSeries[]
  readonly events: readonly LifeMoment[]
  readonly tickets: readonly TicketLabel[]
  /** What the reader should know, such as columns that were ignored. Plain sentences. */
  readonly notes: readonly string[]
  /** What went on around the machines, where the source knows: it trains nothing, a backtest needs it. */
  readonly plant?:
    | { readonly sites: ReadonlyMap<string, string>; readonly maintenance: readonly MaintenanceWindow[] }
    | undefined
}

/** What trains and what does not, in numbers. */
export interface DataSummary {
  readonly name: string
  readonly devices: number
  /** Readings that were read. */
  readonly readings: number
  /** Slots that train, those that are held among them. */
  readonly rows: number
  readonly held: number
  /** Lives, or segments of one, by their end. */
  readonly ends: Readonly<Record<LifeEnd, number>>
  /** Lives in which a planner looked at an alarm and found nothing. */
  readonly foundHealthy: number
  /** Lives by the failure mode that a planner confirmed. */
  readonly modes: Readonly<Record<string, number>>
  /** Readings that train nothing, by reason. */
  readonly leftOut: Readonly<Record<string, number>>
  readonly notes: readonly string[]
}

export interface PreparedData {
  readonly set: TrainingSet
  readonly summary: DataSummary
}

/**
 * Checks readings, cuts them into lives and labels them. `requireFailures`: without a failure it is refused. Throws TRAINING_DATA_INVALID with column and remedy.
 */
export function prepareData(
  type: AssetType,
  recipe: Recipe,
  raw: RawData,
  requireFailures = false,
): PreparedData {
  assertKnown(type, recipe.inputs)
  const inputs = recipe.inputs.map((name) => columnOf(type, name))
  const needed = neededColumns(type, recipe)
  for (const series of raw.series) {
    assertTimes(raw.name, series)
    assertFilled(raw.name, type, series, needed)
  }
  assertOneScale(
    raw.name,
    type,
    raw.series,
    needed.filter((c) => type.channels[c]!.role !== 'usage'),
  )
  const labelled = labelAll(type, raw, needed)
  assertLives(raw.name, type, labelled)
  assertVarying(raw.name, type, raw.series, inputs)
  assertFailures(raw.name, type, labelled, requireFailures)
  const lives = labelled.lives.map(({ life }) => life)
  return { set: { name: raw.name, lives }, summary: summaryOf(raw, labelled) }
}

/** Columns without which a window is not scored: inputs, settings, and the usage where it is a feature. */
export function neededColumns(type: AssetType, recipe: Recipe): number[] {
  const settings = type.channels.filter((c) => c.role === 'setting').map((c) => c.name)
  const usage = recipe.forecaster.usage === null ? [] : [recipe.forecaster.usage]
  return [...new Set([...recipe.inputs, ...settings, ...usage])].map((name) => columnOf(type, name))
}

const columnOf = (type: AssetType, name: string) => type.channels.findIndex((c) => c.name === name)

function labelAll(
  type: AssetType,
  { series, events, tickets }: RawData,
  needed: readonly number[],
): Labelled {
  const lives: LabelledLife[] = []
  const leftOut: LeftOut[] = []
  for (const one of series) {
    const timeline = timelineOf(
      events.filter(({ device }) => device === one.device),
      tickets.filter(({ device }) => device === one.device),
    )
    const labelled = labelLives(type, one, timeline, needed)
    lives.push(...labelled.lives)
    leftOut.push(...labelled.leftOut)
  }
  return { lives, leftOut }
}

function summaryOf({ name, series, notes, tickets }: RawData, { lives, leftOut }: Labelled): DataSummary {
  const rows = lives.reduce((sum, { life }) => sum + slotsOf(life), 0)
  return {
    name,
    devices: new Set(lives.map(({ device }) => device)).size,
    readings: readingsIn(series),
    rows,
    held: lives.reduce((sum, { held }) => sum + held, 0),
    ends: Object.fromEntries(
      lifeEnds.map((end) => [end, lives.filter((one) => one.end === end).length]),
    ) as Record<LifeEnd, number>,
    foundHealthy: lives.filter((one) => one.foundHealthy).length,
    modes: countsOf(lives.flatMap(({ mode }) => (mode === null ? [] : [{ name: mode, count: 1 }]))),
    leftOut: countsOf(leftOut.map(({ why, rows: count }) => ({ name: why, count }))),
    notes: [...notes, ...silence(lives, tickets)],
  }
}

function countsOf(items: readonly { name: string; count: number }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { name, count } of items) counts[name] = (counts[name] ?? 0) + count
  return counts
}

/** What the labels cannot say, said. */
function silence(lives: readonly LabelledLife[], tickets: readonly TicketLabel[]): string[] {
  const failed = lives.some(({ end }) => end === 'failed')
  const running = lives.filter(({ end }) => end === 'running').length
  return [
    ...(failed
      ? []
      : ['No life ends in a failure: the detector trains alone, there is no forecast to learn.']),
    ...(running > 0
      ? [`${running} lives have no end: they count as healthy, without a failure in sight.`]
      : []),
    ...(tickets.some(({ verdict }) => verdict === 'not_inspected')
      ? ['Tickets that were resolved as not inspected say nothing and are not labels.']
      : []),
  ]
}

/** Lives that come ready-made from a data set or the simulator: nothing to check, nothing left out. */
export function preparedLives(name: string, lives: readonly TrainingLife[]): PreparedData {
  const labelled = lives.map((life) => ({
    device: life.id,
    life,
    end: endOf(life),
    mode: null,
    held: 0,
    foundHealthy: false,
  }))
  const raw = { name, series: [], events: [], tickets: [], notes: [] }
  const summary = summaryOf(raw, { lives: labelled, leftOut: [] })
  return { set: { name, lives }, summary: { ...summary, readings: summary.rows } }
}

/** A repaired life has a failure in sight for a while, but none at its end. */
function endOf({ rul }: TrainingLife): LifeEnd {
  if (rul === null) return 'running'
  return Number.isFinite(rul.at(-1)!) ? 'failed' : 'renewed'
}
