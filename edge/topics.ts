import type { LifeEvent } from '../core/device.ts'

/** A reading as it travels: the payload of `forewarn/<site>/<asset type>/<device>/telemetry`. */
export interface TelemetryPayload {
  readonly time: number
  readonly seq: number
  readonly boot: string
  readonly publishedAt: number
  readonly values: Readonly<Record<string, number>>
}

/** The payload of `.../event`. */
export type EventPayload = Pick<LifeEvent, 'time' | 'kind' | 'detail'>

/** Where a device stands in the topic tree. */
export interface Place {
  readonly site: string
  readonly assetType: string
  readonly device: string
}

const topic = (place: Place, kind: string) =>
  `forewarn/${place.site}/${place.assetType}/${place.device}/${kind}`

export const telemetryTopic = (place: Place): string => topic(place, 'telemetry')
export const eventTopic = (place: Place): string => topic(place, 'event')
