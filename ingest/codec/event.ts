import { type LifeEvent, lifeEventKinds } from '../../core/device.ts'
import type { DeadLetterReason } from '../../core/reading.ts'
import { describe, isObject, parseJson, printable } from './json.ts'
import { parseTime } from './time.ts'

export type DecodedEvent =
  | { readonly ok: true; readonly event: LifeEvent }
  | { readonly ok: false; readonly reason: DeadLetterReason; readonly detail: string }

/**
 * Payload bytes of `.../event`: `{"time": ms or ISO 8601, "kind": "repaired", "detail"?: text}`. `time` is needed, as it
 * makes the event idempotent. `newest` is the latest event time that is believable, ms. Never throws.
 */
export function decodeEvent(payload: Uint8Array, device: string, newest: number): DecodedEvent {
  const json = parseJson(payload)
  if (!json.ok) return json
  if (!isObject(json.value)) return refuse('wrong_shape', `${describe(json.value)} where an event belongs`)
  const { time: rawTime, kind: rawKind, detail } = json.value
  const kind = kindOf(rawKind)
  if (!kind) return refuse('wrong_shape', `kind is ${describe(rawKind)}, known: ${lifeEventKinds.join(', ')}`)
  const time = parseTime(rawTime)
  if (Number.isNaN(time)) return refuse('bad_time', `time is ${describe(rawTime)}`)
  if (time > newest) return refuse('too_far_ahead', `time is ${new Date(time).toISOString()}`)
  return {
    ok: true,
    event: { device, time, kind, detail: typeof detail === 'string' ? printable(detail, 1000) : '' },
  }
}

/** People write "planned stop" and "planned-stop" for `planned_stop`. */
function kindOf(value: unknown): LifeEvent['kind'] | undefined {
  if (typeof value !== 'string') return undefined
  const plain = value.toLowerCase().replace(/[ -]/g, '_')
  return lifeEventKinds.find((kind) => kind === plain)
}

const refuse = (reason: DeadLetterReason, detail: string): DecodedEvent => ({ ok: false, reason, detail })
