import type { Catalogue } from '../../core/catalogue.ts'
import { type ErrorCode, ForewarnError, messageOf } from '../../core/errors.ts'
import type { LogPosition } from '../../core/reading.ts'
import type { Store, StoreNotice, TelemetryConfig, WriteTotals } from './store.ts'
import type { WriterState, Written } from './writer.ts'

/** What passes between the main thread and the store's worker. */

export interface StoreWorkerData {
  readonly telemetry: TelemetryConfig
  readonly dataFolder: string
  /** Undefined: nothing is written from a log here. */
  readonly logFolder: string | undefined
  readonly catalogue: Catalogue
  readonly from: LogPosition
  /** Where the thread tells its heap. */
  readonly heap: SharedArrayBuffer
}

/** What the main thread may ask of the store; readings reach it only through the log. */
export const callable = [
  'cursor',
  'window',
  'windows',
  'trend',
  'latest',
  'devices',
  'counts',
  'writeScores',
  'scores',
  'scoreCount',
  'record',
] as const satisfies (keyof Store)[]
export type Callable = (typeof callable)[number]

export type ToWorker =
  | {
      readonly kind: 'call'
      readonly id: number
      readonly method: Callable
      readonly args: readonly unknown[]
    }
  /** The report with this number was answered. */
  | { readonly kind: 'answered'; readonly report: number }
  | { readonly kind: 'close' }

export type FromWorker =
  | { readonly kind: 'ready'; readonly totals: WriteTotals | undefined; readonly position: LogPosition }
  | { readonly kind: 'failed'; readonly error: PortableError }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: PortableError }
  | { readonly kind: 'written'; readonly report: number; readonly written: Written }
  | { readonly kind: 'state'; readonly state: WriterState; readonly error?: PortableError }
  | { readonly kind: 'notice'; readonly notice: StoreNotice }

/** An error as it crosses threads: structured cloning would make a plain Error of it. */
export interface PortableError {
  readonly code: ErrorCode
  readonly details: Record<string, unknown>
}

export function pack(error: unknown): PortableError {
  if (error instanceof ForewarnError) return { code: error.code, details: { ...error.details } }
  return { code: 'INTERNAL', details: { problem: messageOf(error) } }
}

export const unpack = ({ code, details }: PortableError): ForewarnError => new ForewarnError(code, details)

/** The buffers of all typed arrays in a result, to be moved instead of copied. */
export function buffersIn(value: unknown, found: Set<ArrayBuffer> = new Set()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength)
      found.add(value.buffer)
  } else if (Array.isArray(value)) {
    // Arrays of texts and numbers need no look at every element.
    if (typeof value[0] === 'object') for (const part of value) buffersIn(part, found)
  } else if (value && typeof value === 'object' && !(value instanceof Map)) {
    for (const part of Object.values(value)) buffersIn(part, found)
  }
  return [...found]
}
