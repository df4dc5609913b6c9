import type { AssetType } from '../../../core/catalogue.ts'
import { lifeEventKinds } from '../../../core/device.ts'
import { invalidData } from '../../../models/training/checks/invalid.ts'
import type { LifeMoment } from '../../../models/training/labels/timeline.ts'
import { momentIn, numberIn } from './cells.ts'
import { assertThere, parseHeading } from './header.ts'
import { timeOfUsage } from './readings.ts'
import { invalidAt, type TableRow, tableRows } from './table.ts'

/**
 * Reads life events: columns device, time, kind and perhaps mode, a failure mode of the catalogue. `byUsage`: times are
 * usage units, as in the table of readings. `devices`: those that have readings; an event of another is a slip.
 * Throws DATA_FILE_INVALID, TRAINING_DATA_INVALID.
 */
export async function readEvents(
  file: string,
  source: string,
  type: AssetType,
  byUsage: boolean,
  devices: ReadonlySet<string>,
): Promise<LifeMoment[]> {
  let names: string[] | undefined
  const events: LifeMoment[] = []
  for await (const row of tableRows(file)) {
    if (names) events.push(eventOf({ file, source, type, byUsage, devices, names }, row))
    else {
      names = row.cells.map((cell) => parseHeading(cell).name)
      for (const name of ['device', 'time', 'kind']) assertThere(source, names, name)
    }
  }
  return events
}

interface Context {
  readonly file: string
  readonly source: string
  readonly type: AssetType
  readonly byUsage: boolean
  readonly devices: ReadonlySet<string>
  readonly names: readonly string[]
}

function eventOf(context: Context, { cells, line }: TableRow): LifeMoment {
  const { file, source, type, byUsage, devices, names } = context
  const cell = (name: string) => cells[names.indexOf(name)] ?? ''
  const device = cell('device')
  if (!devices.has(device))
    throw invalidData({
      source,
      column: 'column device',
      problem: `line ${line}: there is no reading of device ${device}`,
      remedy: 'Correct the name, or leave the event out',
    })
  const value = byUsage ? numberIn(cell('time')) : momentIn(cell('time'))
  if (value === undefined || Number.isNaN(value))
    throw invalidAt(
      file,
      line,
      `column time is "${cell('time')}", expected ${byUsage ? `${type.usage.unit}s as in the readings` : 'ms or ISO 8601 with a zone'}`,
    )
  const kind = lifeEventKinds.find((one) => one === cell('kind').toLowerCase().replace(/[ -]/g, '_'))
  if (!kind)
    throw invalidAt(file, line, `column kind is "${cell('kind')}", known: ${lifeEventKinds.join(', ')}`)
  const time = byUsage ? timeOfUsage(type, value) : value
  return { device, time, kind, mode: modeOf(context, cell('mode'), line) }
}

function modeOf({ source, type }: Context, mode: string, line: number): string | undefined {
  if (mode === '' || type.failureModes.some(({ name }) => name === mode)) return mode || undefined
  throw invalidData({
    source,
    column: 'column mode',
    problem: `line ${line}: the catalogue has no failure mode ${mode}`,
    remedy: `Use one of ${type.failureModes.map(({ name }) => name).join(', ')}, or leave it empty`,
  })
}
