import { printable } from '../codec/json.ts'
import type { Rejection } from '../codec/rejections.ts'
import type { Gather, MappedGroup, Place } from '../mapping/mapped.ts'
import { Outcome } from '../mapping/outcome.ts'
import { convertValue, type Sources } from '../mapping/sources.ts'
import type { Birth } from './births.ts'
import type { Metric, SparkplugPayload } from './payload.ts'

/**
 * Report by exception: a metric that is not in a message has not changed, for as long as its device is alive. So what
 * was said last holds without end, and a birth or a death begins anew.
 */
const untilNextBirth: Gather = { withinMs: 0, roundMs: 1, holdMs: Number.POSITIVE_INFINITY }

export interface DeviceValues {
  readonly groups: readonly MappedGroup[]
  readonly rejections: readonly Rejection[]
  /** Metrics that the mapping file has no use for. */
  readonly ignored: number
  /** A metric is not of this birth. */
  readonly unknown: boolean
}

/** What a device is, as far as a message about it needs. */
export interface KnownDevice {
  readonly place: Place
  readonly sources: Sources
  readonly birth: Birth
  /** Its aliases may mean other metrics by now. */
  readonly inDoubt: boolean
}

/** What a message says of a device; `timeOf` dates each metric, ms. */
export function readValues(
  { place, sources, birth, inDoubt }: KnownDevice,
  payload: SparkplugPayload,
  timeOf: (metric: Metric) => number,
): DeviceValues {
  const outcome = new Outcome()
  const strangers = new Map<number, string>()
  for (const metric of payload.metrics) {
    const born = birth.find(metric, payload.timestamp, inDoubt)
    if (typeof born === 'string') strangers.set(timeOf(metric), born)
    else {
      const source = sources.get(born.name)
      if (!source || metric.transient) outcome.ignored++
      else {
        // A value from before is only itself: what held beside it then is not known.
        const gather = metric.historical ? undefined : untilNextBirth
        const value = metric.read(metric.datatype || born.datatype)
        const values = { [source.channel]: value === null ? null : convertValue(source, value) }
        outcome.add({ place, gather }, { time: timeOf(metric), values })
      }
    }
  }
  const groups = outcome.groups()
  return {
    groups,
    rejections: refusalOf(strangers, groups),
    ignored: outcome.ignored,
    unknown: strangers.size > 0,
  }
}

/** One dead letter a message; its readings are lost where nothing else of the same time lives. */
function refusalOf(strangers: ReadonlyMap<number, string>, groups: readonly MappedGroup[]): Rejection[] {
  const [first] = strangers.values()
  if (first === undefined) return []
  const living = new Set(groups.flatMap(({ items }) => items.map(({ time }) => time)))
  const readings = [...strangers.keys()].filter((time) => !living.has(time)).length
  const more = strangers.size > 1 ? `, and at ${strangers.size - 1} more times` : ''
  return [{ reason: 'bad_sparkplug', detail: printable(first + more), readings }]
}
