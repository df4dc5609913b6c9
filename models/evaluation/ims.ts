import { numbersOf, readDelimited } from './delimited.ts'

/** A run of the IMS bearing data (University of Cincinnati) as one value a channel and recording. */
export interface ImsRun {
  readonly channels: readonly string[]
  readonly values: readonly Float64Array[]
  /** Start of each recording, ms; the files name local time, of which only differences matter. */
  readonly times: Float64Array
}

/** Columns beside the channels: the row's number, without a name, and its time. */
const timeColumn = 'Datetime'

/** Reads mean absolute vibrations, `2003.10.22.12.06.24` as time. Throws DATA_FILE_INVALID with the line. */
export async function readIms(file: string): Promise<ImsRun> {
  const table = await readDelimited(file, ',')
  const channels = table.header.filter((column) => column !== '' && column !== timeColumn)
  const place = table.header.indexOf(timeColumn)
  return {
    channels,
    values: channels.map((channel) => numbersOf(table, channel)),
    times: Float64Array.from(table.rows, (row) => timeOf(row[place] ?? '')),
  }
}

function timeOf(text: string): number {
  const [year, month, day, hour, minute, second] = text.split('.').map(Number)
  return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
}
