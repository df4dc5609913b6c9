import type { Catalogue } from '../core/catalogue.ts'
import type { Config } from '../core/config.ts'
import type { DeadLetterReason } from '../core/reading.ts'
import type { DecodedTelemetry } from '../ingest/codec/telemetry.ts'
import { Decoding } from '../ingest/intakeDecoding.ts'
import { givenItems } from '../ingest/mapping/givenItems.ts'
import type { MappedGroup, Mapper } from '../ingest/mapping/mapped.ts'

/** A reading as a mapping makes it of a message. */
export interface ExplainedReading {
  readonly device: string
  readonly site: string
  readonly assetType: string
  /** ms since the epoch. */
  readonly time: number
  readonly values: Readonly<Record<string, { readonly value: number; readonly unit: string }>>
  /** It waits for the device's other channels, and is filled with what they said last. */
  readonly gathered: boolean
}

/** What becomes of a message, and of what was left out of it why. */
export interface Explained {
  readonly topic: string
  readonly outcome: 'readings' | 'refused' | 'nothing' | 'ignored' | 'unmapped'
  readonly rule: string | null
  readonly readings: readonly ExplainedReading[]
  readonly problems: readonly { readonly reason: DeadLetterReason; readonly detail: string }[]
  readonly ignoredValues: number
  /** The edge node whose births are missing: forewarn would ask it for them. */
  readonly rebirth: string | null
}

export type Explain = (topic: string, payload: Uint8Array, receivedAt: number) => Explained

/** Explains messages as the intake would take them, and keeps nothing. */
export function createExplain(mapper: Mapper, catalogue: Catalogue, config: Config['ingest']): Explain {
  const decoding = new Decoding(catalogue, config)
  return (topic, payload, receivedAt) => {
    const mapped = mapper.map(topic, payload, receivedAt)
    const empty = { topic, rule: null, readings: [], problems: [], ignoredValues: 0, rebirth: null }
    if (mapped.kind !== 'mapped') return { ...empty, outcome: mapped.kind }
    const decoded = mapped.groups.map((group) => ({ group, ...decode(decoding, group, receivedAt) }))
    const readings = decoded.flatMap((one) => one.readings.map((r) => explain(catalogue, r, one.group)))
    const problems = [...mapped.rejections, ...decoded.flatMap(({ rejections }) => rejections)]
    const { rule, ignored, rebirth } = mapped
    const without = problems.length > 0 ? 'refused' : 'nothing'
    return {
      topic,
      outcome: readings.length > 0 ? 'readings' : without,
      rule,
      readings,
      problems: problems.map(({ reason, detail }) => ({ reason, detail })),
      ignoredValues: ignored,
      rebirth: rebirth ? `${rebirth.group}/${rebirth.edge}` : null,
    }
  }
}

function decode(decoding: Decoding, { place, items }: MappedGroup, now: number): DecodedTelemetry {
  const given = givenItems(items)
  const decoder = decoding.of(place.assetType)
  if (!decoder || given.length === 0) return { readings: [], rejections: [], rejectedValues: 0 }
  return decoder.decodeValue(given, decoding.context(place, now))
}

function explain(
  catalogue: Catalogue,
  { device, site, assetType, time, values }: DecodedTelemetry['readings'][number],
  { gather }: MappedGroup,
): ExplainedReading {
  const { channels } = catalogue.get(assetType)!
  const given = channels.flatMap(({ name, unit }, i) =>
    Number.isNaN(values[i]!) ? [] : [[name, { value: values[i]!, unit }] as const],
  )
  const gathered = gather !== undefined
  return { device, site, assetType, time, values: Object.fromEntries(given), gathered }
}
