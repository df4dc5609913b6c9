import type { AssetType } from '../../../core/catalogue.ts'
import { invalidData } from '../../../models/training/checks/invalid.ts'
import { type DeviceSeries, GrowingColumn } from '../../../models/training/series.ts'
import { momentIn, numberIn } from './cells.ts'
import { assertThere, type Columns, columnsOf } from './header.ts'
import { invalidAt, type TableRow, tableRows } from './table.ts'

/** Readings that are being gathered, by device. */
export type Gathered = Map<string, Gathering>

interface Gathering {
  readonly times: GrowingColumn
  readonly channels: readonly GrowingColumn[]
  readonly rul: GrowingColumn | null
}

export interface ReadTable {
  readonly ignored: readonly string[]
  readonly hasRul: boolean
  /** The file counts in usage units instead of telling the time. */
  readonly byUsage: boolean
}

/**
 * Reads a table of readings into `gathered`: columns device, time (or, for an asset type in usage steps, its usage
 * channel alone), one a channel, and perhaps rul. Throws DATA_FILE_INVALID, TRAINING_DATA_INVALID.
 */
export async function readReadings(
  file: string,
  source: string,
  type: AssetType,
  needed: ReadonlySet<string>,
  gathered: Gathered,
): Promise<ReadTable> {
  let layout: Layout | undefined
  for await (const row of tableRows(file)) {
    if (layout) addRow(layout, row, gathered)
    else layout = layoutOf({ file, source, type }, row.cells, needed)
  }
  if (!layout) throw invalidAt(file, 1, 'the file is empty')
  const { columns, usage } = layout
  return { ignored: columns.ignored, hasRul: columns.rul >= 0, byUsage: usage >= 0 }
}

/** What was gathered, device by device in the order in which they came. */
export const seriesOf = (gathered: Gathered): DeviceSeries[] =>
  [...gathered].map(([device, { times, channels, rul }]) => ({
    device,
    times: times.finish(),
    channels: channels.map((column) => column.finish()),
    rul: rul ? rul.finish() : null,
  }))

/** Usage units as times: a slot is a cadence long. */
export const timeOfUsage = ({ usage, cadenceMs }: AssetType, value: number): number =>
  Math.round((value / usage.perSlot) * cadenceMs)

interface Place {
  readonly file: string
  readonly source: string
  readonly type: AssetType
}

interface Layout extends Place {
  readonly columns: Columns
  /** The column that stands for the time; -1 where there is a time. */
  readonly usage: number
}

function layoutOf(place: Place, header: readonly string[], needed: ReadonlySet<string>): Layout {
  const { source, type } = place
  const columns = columnsOf(source, type, header, needed)
  assertThere(source, header, 'device')
  const counter = type.window.by === 'steps' ? type.channels.findIndex((c) => c.role === 'usage') : -1
  const usage = columns.time < 0 && counter >= 0 ? columns.channels[counter]! : -1
  if (columns.time < 0 && usage < 0) assertThere(source, header, 'time')
  return { ...place, columns, usage }
}

function addRow(layout: Layout, row: TableRow, gathered: Gathered): void {
  const { file, type, columns } = layout
  const device = row.cells[columns.device]!
  if (device === '') throw invalidAt(file, row.line, 'column device is empty')
  let gathering = gathered.get(device)
  if (!gathering) {
    gathering = emptyGathering(type, columns.rul >= 0)
    gathered.set(device, gathering)
  }
  const time = timeOf(layout, row)
  assertLater(layout, row.line, device, time, gathering.times.last())
  gathering.times.push(time)
  columns.channels.forEach((column, c) => {
    gathering.channels[c]!.push(column < 0 ? Number.NaN : cellOf(layout, row, column, type.channels[c]!.name))
  })
  gathering.rul?.push(columns.rul < 0 ? Number.NaN : rulOf(layout, row))
}

const emptyGathering = (type: AssetType, hasRul: boolean): Gathering => ({
  times: new GrowingColumn(),
  channels: type.channels.map(() => new GrowingColumn()),
  rul: hasRul ? new GrowingColumn() : null,
})

function timeOf({ file, type, columns, usage }: Layout, { cells, line }: TableRow): number {
  const cell = cells[usage >= 0 ? usage : columns.time]!
  const value = usage >= 0 ? numberIn(cell) : momentIn(cell)
  if (value !== undefined && !Number.isNaN(value)) return usage >= 0 ? timeOfUsage(type, value) : value
  const wanted = usage >= 0 ? 'a number' : 'ms or ISO 8601 with a zone, such as 2025-03-01T12:00:00Z'
  throw invalidAt(file, line, `column time is "${cell}", expected ${wanted}`)
}

/** Throws TRAINING_DATA_INVALID where the readings of a device do not come in order of time. */
function assertLater({ source }: Layout, line: number, device: string, time: number, last: number): void {
  if (!(time <= last)) return
  const twice = time === last
  throw invalidData({
    source,
    column: 'column time',
    problem: `line ${line}: ${twice ? `device ${device} has two readings at the same time` : `the reading of device ${device} is earlier than the one before`}`,
    remedy: twice
      ? 'Leave one reading for each device and time'
      : 'Sort the rows of each device by time; a file a machine must not mix machines',
  })
}

function cellOf({ file }: Layout, { cells, line }: TableRow, column: number, name: string): number {
  const value = numberIn(cells[column]!)
  if (value === undefined) throw invalidAt(file, line, `column ${name} is not a number: "${cells[column]}"`)
  return value
}

function rulOf(layout: Layout, row: TableRow): number {
  const value = cellOf(layout, row, layout.columns.rul, 'rul')
  if (value < 0) throw invalidAt(layout.file, row.line, `column rul is below 0: ${value}`)
  return value
}
