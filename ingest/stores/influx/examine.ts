import { ForewarnError, messageOf } from '../../../core/errors.ts'
import type { TelemetryConfig } from '../store.ts'
import { WriteRefused } from './answers.ts'
import { InfluxClient } from './client.ts'
import { hourlyBucket, parsePlace } from './place.ts'
import { retentionMs, wordsFor } from './setup/duration.ts'
import type { Found, Places } from './setup/places.ts'
import { placesOf } from './setup/setup.ts'

export interface InfluxFinding {
  readonly level: 'ok' | 'warning' | 'problem'
  readonly detail: string
  readonly remedy?: string
}

/**
 * What `forewarn doctor` says about InfluxDB: which one answers, whether our database or bucket is there and may be
 * written, how long it keeps readings, whether roll-ups have their place. Changes nothing. Throws CONFIG_INVALID.
 */
export async function examineInflux(telemetry: TelemetryConfig): Promise<InfluxFinding> {
  const client = new InfluxClient(parsePlace(telemetry))
  try {
    const { version } = await client.server()
    const places = await placesOf(client)
    return await examinePlaces(client, places, telemetry, `InfluxDB ${version}`)
  } catch (error) {
    return problemOf(error)
  } finally {
    client.close()
  }
}

async function examinePlaces(
  client: InfluxClient,
  places: Places,
  telemetry: TelemetryConfig,
  who: string,
): Promise<InfluxFinding> {
  const { bucket } = client.place
  const wantedMs = retentionMs(telemetry.retentionDays)
  const found = await places.find(bucket)
  if (!found) {
    return {
      level: 'warning',
      detail: `${who}: ${bucket} is not there yet, or not ours to see`,
      remedy: `forewarn makes it when it starts, where it may; otherwise run as administrator: ${places.byHand.create(bucket, wantedMs)}`,
    }
  }
  await tryWriting(client)
  const detail = `${who}: ${bucket} may be written and keeps readings ${wordsFor(found.retentionMs)}`
  return (
    retentionFinding(places, bucket, found, wantedMs, detail) ??
    (await hourlyFinding(places, hourlyBucket(client.place), detail))
  )
}

function retentionFinding(
  places: Places,
  bucket: string,
  found: Found,
  wantedMs: number,
  detail: string,
): InfluxFinding | undefined {
  if (wantedMs === 0 || found.retentionMs === wantedMs) return undefined
  return {
    level: 'warning',
    detail: `${detail}, not ${wordsFor(wantedMs)} as telemetry.retentionDays says`,
    remedy: `forewarn sets it when it starts, where it may; otherwise run as administrator: ${places.byHand.keepFor(bucket, wantedMs)}`,
  }
}

async function hourlyFinding(places: Places, hourly: string, detail: string): Promise<InfluxFinding> {
  if (await places.find(hourly)) return { level: 'ok', detail: `${detail}; hourly roll-ups in ${hourly}` }
  return {
    level: 'warning',
    detail: `${detail}; ${hourly} for hourly roll-ups is not there yet`,
    remedy: `forewarn makes it when it starts, where it may; otherwise run as administrator: ${places.byHand.create(hourly, 0)}`,
  }
}

/** A write of nothing: rights are looked at before the lines. Some versions then miss the lines, which is as good. */
async function tryWriting(client: InfluxClient): Promise<void> {
  try {
    await client.write([])
  } catch (error) {
    const isAboutLines = error instanceof WriteRefused || /^400 /.test(problemText(error))
    if (!isAboutLines) throw error
  }
}

const problemText = (error: unknown): string =>
  error instanceof ForewarnError ? String(error.details.problem) : ''

const problemOf = (error: unknown): InfluxFinding => ({
  level: 'problem',
  detail: messageOf(error),
  remedy: error instanceof ForewarnError ? error.remedy : 'Please report it with the lines around it.',
})
