import { basename } from 'node:path'
import type { AssetType } from '../../core/catalogue.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { MaintenanceWindow } from '../../core/maintenance.ts'
import { type CmapssEngine, readEngines } from '../../edge/replay/cmapssFile.ts'
import { type Life, simulateLife } from '../../edge/simulator/lives.ts'
import { pumpModes } from '../../edge/simulator/pumpFaults.ts'
import { recipeFor } from '../../models/training/recipes.ts'
import type { DeviceSeries } from '../../models/training/series.ts'
import { csvSource } from '../train/csv/source.ts'
import { type SourceOptions, sourceOf } from '../train/sources.ts'
import { storeSource } from '../train/storeSource.ts'
import { type DeviceHistory, historiesOf } from './history.ts'

export interface Recording {
  /** Name for people. */
  readonly name: string
  readonly histories: readonly DeviceHistory[]
  /** In which the devices were worked on, where that is known. */
  readonly maintenance?: readonly MaintenanceWindow[] | undefined
}

/** A history from where training data comes from. Throws REQUEST_INVALID, DATA_FILE_INVALID, DATA_FILE_UNREADABLE, TRAINING_DATA_INVALID. */
export async function readRecording(type: AssetType, options: SourceOptions): Promise<Recording> {
  const from = sourceOf(type, options)
  if (from === 'simulator') return simulated(type, options.seed)
  if (from === 'cmapss') return engines(type, options)
  if (from === 'store') return named(await storeSource(type, options))
  if (options.data === undefined) throw invalid('a backtest on CSV needs --data with a file or a folder')
  return named(await csvSource(type, recipeFor(type), { data: options.data, events: options.events }))
}

function named(raw: Parameters<typeof historiesOf>[0] & { readonly name: string }): Recording {
  const histories = historiesOf(raw).filter(({ series }) => series.times.length > 0)
  if (histories.length > 0) return { name: raw.name, histories, maintenance: raw.plant?.maintenance }
  throw invalid(`${raw.name} holds no reading to replay`)
}

const invalid = (problem: string) => new ForewarnError('REQUEST_INVALID', { problem })

async function engines(type: AssetType, { data, units }: SourceOptions): Promise<Recording> {
  if (data === undefined) throw invalid('a backtest on C-MAPSS needs --data train_FD001.txt')
  const found = await readEngines(data, units)
  return {
    name: units === undefined ? basename(data) : `${basename(data)}, units ${units}`,
    histories: found.map((engine) => engineHistory(type, engine)),
  }
}

/** One reading a cadence, the last one at the failure. */
function engineHistory({ cadenceMs, channels }: AssetType, { unit, rows }: CmapssEngine): DeviceHistory {
  const device = `engine-${unit}`
  const times = Float64Array.from(rows, (_, cycle) => cycle * cadenceMs)
  const columns = channels.map((_, c) => Float64Array.from(rows, (row) => row[c]!))
  const events = [{ device, time: times.at(-1)!, kind: 'failed' as const }]
  return { series: { device, times, channels: columns, rul: null }, events, tickets: [] }
}

/** Pumps of each failure mode, and as many that stay healthy as fail. */
const simulatedPerMode = 8

/** Pumps that no shipped model was trained on: their seeds have another name. */
function simulated(type: AssetType, seed: number): Recording {
  if (type.name !== 'pump') throw invalid(`the simulator makes pumps, not ${type.name}`)
  const failing = pumpModes.flatMap((mode, m) =>
    Array.from({ length: simulatedPerMode }, (_, i) => {
      const life = simulateLife({
        seed: `backtest-${seed}-${mode}-${i}`,
        mode,
        startHours: 48 + 24 * ((5 * i + m) % 12),
        totalSlots: 6 * 24 * 60,
      })
      return pumpHistory(`${mode}-${i + 1}`, life, mode)
    }),
  )
  const healthy = Array.from({ length: failing.length }, (_, i) =>
    pumpHistory(
      `healthy-${i + 1}`,
      simulateLife({
        seed: `backtest-${seed}-healthy-${i}`,
        mode: null,
        startHours: 0,
        totalSlots: 6 * 24 * 30,
      }),
      null,
    ),
  )
  return { name: `simulated pumps, seed ${seed}`, histories: [...failing, ...healthy] }
}

function pumpHistory(device: string, { times, values, failedAt }: Life, mode: string | null): DeviceHistory {
  const series: DeviceSeries = { device, times, channels: values, rul: null }
  const failed = failedAt !== null && failedAt <= times.at(-1)! + 600_000
  const events = failed ? [{ device, time: failedAt, kind: 'failed' as const, ...(mode && { mode }) }] : []
  return { series, events, tickets: [] }
}
