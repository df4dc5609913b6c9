import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ForewarnError, unreadableFile } from '../../core/errors.ts'
import { Detector } from '../detection/detector.ts'
import { type DetectorOptions, readingsIn } from '../detection/options.ts'
import { rowsOf } from '../detection/rowsOf.ts'
import { stableStart } from '../detection/stableStart.ts'
import { type Aim, aimOf } from './aims.ts'
import { type BaselineDetector, baselineDetectors } from './baselineDetectors.ts'
import { type ImsRun, readIms } from './ims.ts'

/**
 * One setting for every bearing of every test; readings come every ten minutes. Two days teach, two hours are averaged,
 * one false alarm a bearing and 30 days is the budget. Wear is not followed: the reference stays. A level that wanders
 * by 3 % is no news, since a quarter of a limit is what counts as a change (ISO 20816-1).
 */
export const imsSettings: DetectorOptions = {
  learn: 288,
  smooth: 12,
  persist: 5,
  memory: null,
  leastChange: 0.03,
  readingsPerFalseAlarm: readingsIn(30, 600_000),
  signature: 40,
  clearShare: 0.35,
}

/** An alarm counts once it has lasted so many readings: four hours. */
const sustained = 24

/** Bearings that had failed at the end of each test (Qiu, Lee, Lin & Yu 2006); the third is also numbered fourth. */
const failedAtEnd: Readonly<Record<string, readonly number[]>> = { 1: [3, 4], 2: [1], 3: [3], 4: [3] }

export interface ImsResult {
  readonly aims: readonly Aim[]
  readonly details: { readonly settings: DetectorOptions; readonly tests: readonly ImsTest[] }
}

export interface ImsTest {
  readonly file: string
  /** Rows that taught the detectors: the first steady stretch. */
  readonly learned: { readonly from: number; readonly rows: number }
  /** First sustained alarm of each bearing, hours before the end of the test; null where there is none. */
  readonly bearings: readonly (BearingAlarm & {
    readonly baselines: Readonly<Record<string, number | null>>
  })[]
}

export interface BearingAlarm {
  readonly bearing: number
  readonly failed: boolean
  readonly alarmHours: number | null
}

/**
 * Judges the detector on the run-to-failure tests in a folder (`1st_test...csv`, and so on), each bearing as a machine of
 * its own. Throws DATA_FILE_INVALID, also where there is no such file or one is too short.
 */
export async function runIms(folder: string, settings: DetectorOptions = imsSettings): Promise<ImsResult> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw unreadableFile(folder, error)
  })
  const files = entries.filter((entry) => /^[1-4]\D.*\.csv$/.test(entry)).sort()
  if (files.length === 0) throw invalid(folder, 'there is no file such as 1st_test.csv')
  const tests: ImsTest[] = []
  for (const file of files)
    tests.push(judgeTest(join(folder, file), file, await readIms(join(folder, file)), settings))
  return { aims: tests.flatMap(aimsOf), details: { settings, tests } }
}

const invalid = (file: string, problem: string) =>
  new ForewarnError('DATA_FILE_INVALID', { file, line: 1, problem })

function judgeTest(path: string, file: string, run: ImsRun, settings: DetectorOptions): ImsTest {
  const { learn } = settings
  if (run.times.length <= learn + sustained)
    throw invalid(path, `${run.times.length} rows, but ${learn} only teach the detector`)
  const from = stableStart(run.values, learn)
  const failed = failedAtEnd[file[0]!]!
  const bearings = bearingsOf(run.channels).map(({ bearing, columns }) => {
    const rows = rowsOf(
      columns.map((c) => run.values[c]!),
      from,
      run.times.length,
    )
    const [healthy, rest] = [rows.slice(0, learn), rows.slice(learn)]
    const detector = new Detector(healthy, settings)
    const hours = (alarms: readonly boolean[]) => hoursBeforeEnd(run.times, from + learn, alarms)
    const alarmsOf = (judge: BaselineDetector) => hours(rest.map(judge))
    return {
      bearing,
      failed: failed.includes(bearing),
      alarmHours: hours(rest.map((reading) => detector.push(reading).alarm)),
      baselines: Object.fromEntries(
        Object.entries(baselineDetectors).map(([name, teach]) => [name, alarmsOf(teach(healthy))]),
      ),
    }
  })
  return { file, learned: { from, rows: learn }, bearings }
}

/** `Bearing 1-A` and `Bearing 1-B`, or `Bearing 1` alone, are the axes of bearing 1. */
function bearingsOf(channels: readonly string[]): { bearing: number; columns: number[] }[] {
  const columns = new Map<number, number[]>()
  channels.forEach((channel, c) => {
    const bearing = Number(/(\d+)/.exec(channel)?.[1] ?? c + 1)
    columns.set(bearing, [...(columns.get(bearing) ?? []), c])
  })
  return [...columns].map(([bearing, own]) => ({ bearing, columns: own }))
}

/** When the first alarm had lasted long enough; `alarms` begin at row `from`. */
function hoursBeforeEnd(times: Float64Array, from: number, alarms: readonly boolean[]): number | null {
  let lasted = 0
  for (let row = 0; row < alarms.length; row++) {
    lasted = alarms[row] ? lasted + 1 : 0
    if (lasted === sustained) return (times.at(-1)! - times[from + row]!) / 3_600_000
  }
  return null
}

function aimsOf({ file, bearings, learned }: ImsTest): Aim[] {
  const set = `IMS ${file.slice(0, 3)} test`
  const baseline = 'T2, 99 % of training'
  const note = `rows ${learned.from} to ${learned.from + learned.rows - 1} teach; an alarm counts after four hours`
  const first = (alarms: readonly (number | null)[]) => Math.max(0, ...alarms.filter((a) => a !== null))
  const failed = bearings.filter((b) => b.failed)
  const healthy = bearings.filter((b) => !b.failed)
  const lead = first(failed.map((b) => b.alarmHours))
  const simpler = first(failed.map((b) => b.baselines[baseline]!))
  const before = (alarms: readonly (number | null)[], limit: number) =>
    alarms.filter((a) => a !== null && a > limit).length
  return [
    aimOf({
      set,
      figure: 'first alarm on a failing bearing, h before the end',
      aim: [24, null],
      values: [lead],
      baseline: { name: baseline, value: simpler },
      note,
    }),
    ...failed.map((b) =>
      aimOf({
        set,
        figure: `alarm on failing bearing ${b.bearing}, h before the end`,
        aim: [24, null],
        values: [b.alarmHours ?? 0],
        baseline: { name: baseline, value: b.baselines[baseline] ?? 0 },
      }),
    ),
    aimOf({
      set,
      figure: 'healthy bearings in alarm before a failing one',
      aim: [null, 0],
      values: [
        before(
          healthy.map((b) => b.alarmHours),
          lead,
        ),
      ],
      baseline: {
        name: baseline,
        value: before(
          healthy.map((b) => b.baselines[baseline]!),
          simpler,
        ),
      },
    }),
  ]
}
