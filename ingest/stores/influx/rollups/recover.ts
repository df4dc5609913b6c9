import { hourMs, series } from '../../../../core/series.ts'
import { hourOf } from '../../hours.ts'
import type { Pace } from '../../pace.ts'
import type { InfluxClient } from '../client.ts'
import { number, quoted, text } from '../influxql.ts'
import { databaseOf } from '../place.ts'
import { always, inSpans, within } from '../spans.ts'
import { groupsOf, piecesOf } from './pieces.ts'
import type { Hours } from './touchedHours.ts'

/** Hours before a device's newest reading that are looked at although they were rolled up: late data of the last run. */
const lookBackMs = 48 * hourMs

const readings = quoted(series.receivedAt)
const rolledUp = quoted(`${series.receivedAt}_count`)

/**
 * Hours of an asset type whose roll-up is missing or counts other readings than are there, found by comparing counts:
 * what was to be rolled up is remembered in memory alone. `newest`: newest reading of each device; `since`: older hours
 * are left as they are, it is the start of one.
 */
export async function* missingHours(
  client: InfluxClient,
  assetType: string,
  newest: ReadonlyMap<string, number>,
  since: number,
  pace: Pace,
): AsyncGenerator<Hours> {
  const starts = await startsOf(client, assetType, newest)
  for (const [device, time] of newest) {
    const from = Math.max(hourOf(starts.get(device)!), since)
    const suspects = piecesOf({ assetType, device, from, to: hourOf(time) + hourMs })
    for (const group of groupsOf(suspects)) {
      if (pace.isOver) return
      yield* await pace.run(() => differing(client, group))
    }
  }
}

/** Where to begin: two days before the newest reading, or where the roll-ups end or the readings begin before that. */
async function startsOf(
  client: InfluxClient,
  assetType: string,
  newest: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const rolled = await timesByDevice(client, `last(${rolledUp}) FROM ${hourlyOf(client, assetType)}`)
  const isNew = [...newest.keys()].some((device) => !rolled.has(device))
  const first = isNew
    ? await timesByDevice(client, `first(${readings}) FROM ${quoted(assetType)}`)
    : new Map<string, number>()
  return new Map(
    [...newest].map(([device, time]) => {
      const begin = rolled.get(device) ?? first.get(device) ?? time
      return [device, Math.min(begin, time - lookBackMs)]
    }),
  )
}

/** Fully qualified: 3 does not find a retention policy without its database. */
export function hourlyOf(client: InfluxClient, assetType: string): string {
  const { database } = databaseOf(client.place.bucket)
  return [database, series.hourlyPolicy, series.hourly(assetType)].map(quoted).join('.')
}

async function timesByDevice(client: InfluxClient, what: string): Promise<Map<string, number>> {
  const parts = await inSpans(always, (range) =>
    client.query(`SELECT ${what}${within(range).replace(' AND', ' WHERE')} GROUP BY "device"`),
  )
  const rows = parts.flat(2)
  return new Map(rows.reverse().map(({ tags, values }) => [tags!.device!, number(values[0]![0])]))
}

async function differing(client: InfluxClient, group: readonly Hours[]): Promise<Hours[]> {
  const stored = await client.query(group.map(storedStatement).join('; '))
  const rolled = await client.query(group.map((hours) => rolledStatement(client, hours)).join('; '))
  return group.flatMap(({ assetType, device }, i) => {
    const before = countsByHour(rolled[i] ?? [])
    return [...countsByHour(stored[i] ?? [])]
      .filter(([from, count]) => before.get(from) !== count)
      .map(([from]) => ({ assetType, device, from, to: from + hourMs }))
  })
}

const storedStatement = (hours: Hours) =>
  `SELECT count(${readings}) FROM ${quoted(hours.assetType)} WHERE "device" = ${text(hours.device)}${within(hours)}
     GROUP BY time(1h) fill(none)`

const rolledStatement = (client: InfluxClient, hours: Hours) =>
  `SELECT ${rolledUp} FROM ${hourlyOf(client, hours.assetType)}
     WHERE "device" = ${text(hours.device)}${within(hours)}`

/** A device that moved to another site within an hour has two rows of it. */
function countsByHour(found: readonly { readonly values: readonly (readonly unknown[])[] }[]) {
  const counts = new Map<number, number>()
  for (const { values } of found) {
    for (const [time, count] of values)
      counts.set(number(time), (counts.get(number(time)) ?? 0) + number(count))
  }
  return counts
}
