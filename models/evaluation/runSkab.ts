import { join } from 'node:path'
import { ForewarnError } from '../../core/errors.ts'
import { Detector } from '../detection/detector.ts'
import type { DetectorOptions } from '../detection/options.ts'
import { rowsOf } from '../detection/rowsOf.ts'
import { type Aim, aimOf } from './aims.ts'
import { type BaselineDetector, baselineDetectors } from './baselineDetectors.ts'
import { type DetectedRun, type DetectionFigures, detectionFigures } from './detection.ts'
import { readSkabFolder, type SkabRun } from './skab.ts'

/** One setting for every file; readings are seconds. Chosen on `valve2` and `anomaly-free`: docs/decisions/0029. */
export const skabSettings: DetectorOptions = {
  learn: 400,
  smooth: 10,
  persist: 1,
  memory: 250,
  leastChange: 0,
  readingsPerFalseAlarm: 25_000,
  signature: 40,
  clearShare: 0.35,
}

export interface SkabResult {
  readonly aims: readonly Aim[]
  readonly details: SkabDetails
}

export interface SkabDetails {
  readonly settings: DetectorOptions
  /** Counts pooled over the labelled files. */
  readonly figures: DetectionFigures
  readonly files: readonly ({ readonly file: string } & DetectionFigures)[]
  /** Recordings without labels, of which every alarm is false; null where the folder has none. */
  readonly anomalyFree: DetectionFigures | null
  readonly baselines: Readonly<Record<string, DetectionFigures>>
}

/**
 * Judges the detector on every file of a SKAB folder by the benchmark's protocol made causal: rows 0 to 399 of a file
 * teach it, the rest is judged row by row, counts pooled, no point adjustment. Throws DATA_FILE_INVALID, also where no
 * file has labels.
 */
export async function runSkab(folder: string, settings: DetectorOptions = skabSettings): Promise<SkabResult> {
  const runs = await readSkabFolder(folder)
  for (const run of runs) assertLongEnough(folder, run, settings.learn)
  const labelled = runs.filter((run) => run.labelled)
  const free = runs.filter((run) => !run.labelled)
  if (labelled.length === 0) throw invalid(folder, 'no file has a column anomaly')
  const detected = labelled.map((run) => detect(run, settings))
  const details: SkabDetails = {
    settings,
    figures: detectionFigures(detected),
    files: labelled.map((run, i) => ({ file: run.name, ...detectionFigures([detected[i]!]) })),
    anomalyFree: free.length > 0 ? detectionFigures(free.map((run) => detect(run, settings))) : null,
    baselines: Object.fromEntries(
      Object.entries(baselineDetectors).map(([name, teach]) => [
        name,
        detectionFigures(labelled.map((run) => judgeWith(run, teach, settings.learn))),
      ]),
    ),
  }
  return { aims: aimsOf(details), details }
}

const invalid = (file: string, problem: string) =>
  new ForewarnError('DATA_FILE_INVALID', { file, line: 1, problem })

function assertLongEnough(folder: string, { name, labels }: SkabRun, learn: number): void {
  if (labels.length <= learn)
    throw invalid(join(folder, name), `${labels.length} rows, but the first ${learn} only teach the detector`)
}

function detect({ values, labels }: SkabRun, settings: DetectorOptions): DetectedRun {
  const detector = new Detector(rowsOf(values, 0, settings.learn), settings)
  const rest = rowsOf(values, settings.learn, labels.length)
  return {
    labels: labels.subarray(settings.learn),
    alarms: rest.map((reading) => Number(detector.push(reading).alarm)),
  }
}

function judgeWith(
  { values, labels }: SkabRun,
  teach: (healthy: readonly Float64Array[]) => BaselineDetector,
  learn: number,
): DetectedRun {
  const isAnomalous = teach(rowsOf(values, 0, learn))
  const rest = rowsOf(values, learn, labels.length)
  return { labels: labels.subarray(learn), alarms: rest.map((reading) => Number(isAnomalous(reading))) }
}

function aimsOf({ figures, files, anomalyFree, baselines }: SkabDetails): Aim[] {
  const set = `SKAB, causal, ${files.length} files`
  const [name, simpler] = Object.entries(baselines).sort(([, a], [, b]) => b.f1 - a.f1)[0]!
  const row = (
    figure: string,
    aim: Aim['aim'],
    value: (f: DetectionFigures) => number,
    baseline: DetectionFigures | null = simpler,
    note?: string,
  ) => {
    const measured = baseline === null ? anomalyFree! : figures
    return aimOf({
      set: baseline === null ? 'SKAB, recording without anomalies' : set,
      figure,
      aim,
      values: [value(measured)],
      baseline: baseline === null ? undefined : { name, value: value(baseline) },
      note,
    })
  }
  const aims = [
    row('F1', [0.8, null], (f) => f.f1, simpler, 'rows 0-399 of a file teach, no point adjustment'),
    row('false alarm rate, %', [null, 15], (f) => 100 * f.falseAlarmRate),
    row('missed alarm rate, %', [null, null], (f) => 100 * f.missedAlarmRate),
    row('events found, %', [100, null], (f) => (f.events > 0 ? (100 * f.found) / f.events : 0)),
    row('median detection delay, rows', [null, 20], (f) => f.medianDelay ?? Number.POSITIVE_INFINITY),
    row('false alarm onsets', [null, 6], (f) => f.falseOnsets),
  ]
  if (anomalyFree === null) return aims
  return [
    ...aims,
    row('false alarm rate, %', [null, 15], (f) => 100 * f.falseAlarmRate, null),
    row('false alarm onsets', [null, null], (f) => f.falseOnsets, null, 'over the whole recording'),
  ]
}
