import type { AssetType } from '../../../core/catalogue.ts'
import { invalidData } from '../../../models/training/checks/invalid.ts'
import { momentIn } from '../../train/csv/cells.ts'
import { assertThere, parseHeading } from '../../train/csv/header.ts'
import { invalidAt, type TableRow, tableRows } from '../../train/csv/table.ts'
import { type TruthMoment, truthKinds } from './truth.ts'

const flags: Readonly<Record<string, boolean>> = {
  '': false,
  no: false,
  false: false,
  '0': false,
  yes: true,
  true: true,
  '1': true,
}

/**
 * Reads the truth about a fleet: columns device, time, kind and perhaps mode and sudden. `devices`: those that have
 * readings; a moment of another is a slip. In order of time. Throws DATA_FILE_INVALID with the line, DATA_FILE_UNREADABLE,
 * TRAINING_DATA_INVALID with the column.
 */
export async function readTruth(
  file: string,
  source: string,
  type: AssetType,
  devices: ReadonlySet<string>,
): Promise<TruthMoment[]> {
  let names: string[] | undefined
  const truth: TruthMoment[] = []
  for await (const row of tableRows(file)) {
    if (names) truth.push(momentOf({ file, source, type, devices, names }, row))
    else {
      names = row.cells.map((cell) => parseHeading(cell).name)
      for (const name of ['device', 'time', 'kind']) assertThere(source, names, name)
    }
  }
  return truth.sort((a, b) => a.time - b.time)
}

interface Context {
  readonly file: string
  readonly source: string
  readonly type: AssetType
  readonly devices: ReadonlySet<string>
  readonly names: readonly string[]
}

function momentOf(context: Context, { cells, line }: TableRow): TruthMoment {
  const { file, source, devices, names } = context
  const cell = (name: string) => (cells[names.indexOf(name)] ?? '').trim()
  const device = cell('device')
  if (!devices.has(device))
    throw invalidData({
      source,
      column: 'column device',
      problem: `line ${line}: there is no reading of device ${device}`,
      remedy: 'Correct the name, or leave the line out',
    })
  const time = momentIn(cell('time'))
  if (Number.isNaN(time))
    throw invalidAt(file, line, `column time is "${cell('time')}", expected ms or ISO 8601 with a zone`)
  const kind = truthKinds.find((one) => one === cell('kind').toLowerCase().replace(/[ -]/g, '_'))
  if (!kind) throw invalidAt(file, line, `column kind is "${cell('kind')}", known: ${truthKinds.join(', ')}`)
  const sudden = flags[cell('sudden').toLowerCase()]
  if (sudden === undefined)
    throw invalidAt(file, line, `column sudden is "${cell('sudden')}", expected yes, no or nothing`)
  if (sudden && kind !== 'failed')
    throw invalidAt(file, line, `only a failure can be sudden, this line is ${kind}`)
  return { device, time, kind, mode: modeOf(context, cell('mode'), line), sudden }
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
