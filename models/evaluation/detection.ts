/** What a detector said of one run, row by row, beside what is true. */
export interface DetectedRun {
  /** 1 where the row is anomalous. */
  readonly labels: ArrayLike<number>
  /** 1 where the detector is in alarm; as long as `labels`. */
  readonly alarms: ArrayLike<number>
}

/** Figures over several runs, counts pooled. */
export interface DetectionFigures {
  readonly f1: number
  /** Share of normal rows in alarm; 0 where there is no normal row. */
  readonly falseAlarmRate: number
  /** Share of anomalous rows without alarm. */
  readonly missedAlarmRate: number
  /** Stretches of anomalous rows, and those with an alarm in them. */
  readonly events: number
  readonly found: number
  /** Rows from an event's first to its first in alarm: median over the found ones; null where none is. */
  readonly medianDelay: number | null
  /** Alarms that begin on a normal row. */
  readonly falseOnsets: number
}

/** The point figures of SKAB (Katser & Kozitsin 2020), no point adjustment, and what is known of its events. */
export function detectionFigures(runs: readonly DetectedRun[]): DetectionFigures {
  const counts = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 }
  const delays: (number | null)[] = []
  let falseOnsets = 0
  for (const run of runs) {
    count(run, counts)
    for (const event of eventsOf(run.labels)) delays.push(delayOf(run.alarms, event))
    falseOnsets += falseOnsetsOf(run)
  }
  const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = counts
  const found = delays.filter((delay) => delay !== null).sort((a, b) => a - b)
  return {
    f1: share(tp, tp + (fp + fn) / 2),
    falseAlarmRate: share(fp, fp + tn),
    missedAlarmRate: share(fn, fn + tp),
    events: delays.length,
    found: found.length,
    medianDelay: found.length === 0 ? null : medianOf(found),
    falseOnsets,
  }
}

function count({ labels, alarms }: DetectedRun, counts: Record<string, number>): void {
  for (let row = 0; row < labels.length; row++) {
    const name = labels[row]
      ? alarms[row]
        ? 'truePositive'
        : 'falseNegative'
      : alarms[row]
        ? 'falsePositive'
        : 'trueNegative'
    counts[name]! += 1
  }
}

interface Stretch {
  readonly from: number
  /** First row behind it. */
  readonly to: number
}

function eventsOf(labels: ArrayLike<number>): Stretch[] {
  const events: Stretch[] = []
  for (let row = 0; row < labels.length; row++) {
    if (!labels[row]) continue
    const from = row
    while (row < labels.length && labels[row]) row++
    events.push({ from, to: row })
  }
  return events
}

function delayOf(alarms: ArrayLike<number>, { from, to }: Stretch): number | null {
  for (let row = from; row < to; row++) if (alarms[row]) return row - from
  return null
}

function falseOnsetsOf({ labels, alarms }: DetectedRun): number {
  let onsets = 0
  for (let row = 0; row < labels.length; row++)
    if (alarms[row] && !labels[row] && !(row > 0 && alarms[row - 1])) onsets++
  return onsets
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)

function medianOf(ascending: readonly number[]): number {
  const middle = ascending.length >> 1
  return ascending.length % 2 === 1 ? ascending[middle]! : (ascending[middle - 1]! + ascending[middle]!) / 2
}
