import type { Catalogue } from '../../../../core/catalogue.ts'
import { series } from '../../../../core/series.ts'
import type { Pace } from '../../pace.ts'
import { channelsOf } from '../../store.ts'
import { WriteRefused } from '../answers.ts'
import type { InfluxClient, ResultSeries } from '../client.ts'
import { number, quoted, text } from '../influxql.ts'
import { recordLine } from '../lines.ts'
import { hourlyBucket } from '../place.ts'
import { within } from '../spans.ts'
import { groupsOf, piecesOf } from './pieces.ts'
import type { Hours } from './touchedHours.ts'

const functions = ['min', 'max', 'mean'] as const

/**
 * Reads whole hours, writes what they come to, one point an hour, device and site. An hour without readings leaves its
 * point as it is: retention took the readings, not the history. Throws like the client, WriteRefused included.
 */
export async function rollUp(
  client: InfluxClient,
  catalogue: Catalogue,
  hours: readonly Hours[],
  pace: Pace,
): Promise<void> {
  let refused: WriteRefused | undefined
  for (const group of groupsOf(hours.flatMap(piecesOf))) {
    if (pace.isOver) return
    await pace.run(() =>
      rollUpGroup(client, catalogue, group).catch((error) => {
        // it is about this group's values: the others are not held up by them
        if (!(error instanceof WriteRefused)) throw error
        refused ??= error
      }),
    )
  }
  if (refused) throw refused
}

async function rollUpGroup(client: InfluxClient, catalogue: Catalogue, group: readonly Hours[]) {
  const results = await client.query(group.map((piece) => statementFor(catalogue, piece)).join('; '))
  const lines = group.flatMap((piece, i) => (results[i] ?? []).flatMap((found) => linesFrom(piece, found)))
  if (lines.length > 0) await client.write(lines, hourlyBucket(client.place))
}

function statementFor(catalogue: Catalogue, hours: Hours): string {
  const { assetType, device } = hours
  const columns = channelsOf(catalogue, assetType).flatMap((channel) => [
    column('count', channel),
    ...functions.map((name) => column(name, channel)),
  ])
  return `SELECT ${[column('count', series.receivedAt), ...columns].join(', ')} FROM ${quoted(assetType)}
    WHERE "device" = ${text(device)}${within(hours)} GROUP BY time(1h), "site" fill(none)`
}

const column = (name: string, channel: string) =>
  `${name}(${quoted(channel)}) AS ${quoted(`${channel}_${name}`)}`

function linesFrom({ assetType, device }: Hours, { tags, columns, values }: ResultSeries): string[] {
  const names = columns.slice(1)
  return values.flatMap(([time, ...row]) => {
    const known = names
      .map((name, i) => [name, number(row[i])] as const)
      // A channel without values in that hour: its count is 0, or missing like the rest of it.
      .filter(([name, value]) => !(name.endsWith('_count') && value === 0))
    const record = {
      measurement: series.hourly(assetType),
      tags: { device, site: tags?.site ?? '' },
      fields: Object.fromEntries(known),
      time: number(time),
    }
    return recordLine(record) ?? []
  })
}
