import { ForewarnError } from '../../../../core/errors.ts'
import type { OnNotice } from '../../store.ts'
import { misconfigured } from '../answers.ts'
import type { InfluxClient } from '../client.ts'
import type { Flavour } from '../flavour.ts'
import { hourlyBucket } from '../place.ts'
import { retentionMs, wordsFor } from './duration.ts'
import type { Found, Places } from './places.ts'
import { placesOfV1 } from './v1.ts'
import { placesOfV2 } from './v2.ts'
import { placesOfV3 } from './v3.ts'

const makers: Readonly<Record<Flavour, (client: InfluxClient) => Places>> = {
  v1: placesOfV1,
  v2: placesOfV2,
  v3: placesOfV3,
}

export const placesOf = async (client: InfluxClient): Promise<Places> =>
  makers[(await client.server()).flavour](client)

/**
 * Makes what is missing for readings and roll-ups and sets the retention, where we may; where we may not, a notice says
 * what to run. Returns how long raw readings are kept, ms; 0 for ever. Throws STORE_UNAVAILABLE, and
 * STORE_MISCONFIGURED where readings would have no place.
 */
export async function prepare(client: InfluxClient, days: number, notice: OnNotice): Promise<number> {
  const places = await placesOf(client)
  const kept = await prepareReadings(client, places, retentionMs(days), notice)
  const hourly = hourlyBucket(client.place)
  if (!(await places.find(hourly))) {
    const remedy = `Run as administrator: ${places.byHand.create(hourly, 0)}`
    await allowed(places.create(hourly, 0), { what: 'no hourly roll-ups', remedy }, notice)
  }
  return kept
}

async function prepareReadings(
  client: InfluxClient,
  places: Places,
  wantedMs: number,
  notice: OnNotice,
): Promise<number> {
  const { bucket } = client.place
  const found = await places.find(bucket)
  if (!found) {
    await places.create(bucket, wantedMs).catch((error: unknown) => {
      throw withoutPlace(error, bucket, places.byHand.create(bucket, wantedMs))
    })
    return wantedMs
  }
  if (wantedMs === 0 || found.retentionMs === wantedMs) return found.retentionMs
  return (await keepFor(places, bucket, found, wantedMs, notice)) ? wantedMs : found.retentionMs
}

function keepFor(places: Places, bucket: string, found: Found, wantedMs: number, notice: OnNotice) {
  const what = `readings are kept ${wordsFor(found.retentionMs)}, not ${wordsFor(wantedMs)} (telemetry.retentionDays)`
  const remedy = `Run as administrator: ${places.byHand.keepFor(bucket, wantedMs)}`
  return allowed(places.keepFor(bucket, found, wantedMs), { what, remedy }, notice)
}

/** False, with a notice, where the work is for someone with more rights. */
async function allowed(
  work: Promise<void>,
  { what, remedy }: { what: string; remedy: string },
  notice: OnNotice,
): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if (!isForAPerson(error)) throw error
    notice({ detail: `${what}: ${String(error.details.problem)}`, remedy })
    return false
  }
}

const withoutPlace = (error: unknown, bucket: string, command: string): unknown =>
  isForAPerson(error)
    ? misconfigured(
        `${bucket} is not there or not ours to see, and cannot be made: ${String(error.details.problem)}; an administrator may run: ${command}`,
        error,
      )
    : error

const isForAPerson = (error: unknown): error is ForewarnError =>
  error instanceof ForewarnError && error.next === 'stop'
