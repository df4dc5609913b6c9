import proto from 'sparkplug-payload/lib/sparkplugPayloadProto.js'

/*
 * The package's own decodePayload reads a value by the datatype beside it. Data messages may leave the datatype out
 * (Sparkplug 3.0, tck-id-payloads-metric-datatype-not-req), and then it returns null: so the message is read here, and
 * a value understood by the datatype of its birth.
 */
const { Payload } = proto.org.eclipse.tahu.protobuf
type ProtoMetric = InstanceType<typeof Payload.Metric>

/** A metric as it stands in a message. */
export interface Metric {
  /** Empty where it has an alias alone. */
  readonly name: string
  readonly alias: string | undefined
  /** ms since the epoch; NaN where it has none of its own. */
  readonly timestamp: number
  /** Number of the datatype (Sparkplug 3.0, 6.4.16); 0 where the message does not say. */
  readonly datatype: number
  readonly historical: boolean
  /** Not to be kept (Sparkplug 3.0, 6.4.15: is_transient). */
  readonly transient: boolean
  /** Value by the given datatype: number, boolean or text; null where the publisher knows none, or no good one. */
  read(datatype: number): unknown
}

export interface SparkplugPayload {
  /** ms since the epoch; NaN where it has none. */
  readonly timestamp: number
  /** 0 to 255; undefined where it has none. */
  readonly seq: number | undefined
  readonly metrics: readonly Metric[]
}

/** Throws where the bytes are no Sparkplug B payload. */
export function decodeSparkplug(bytes: Uint8Array): SparkplugPayload {
  const payload = Payload.decode(bytes)
  return {
    timestamp: has(payload, 'timestamp') ? toNumber(payload.timestamp) : Number.NaN,
    seq: has(payload, 'seq') ? toNumber(payload.seq) : undefined,
    metrics: payload.metrics.map((metric) => metricOf(metric as ProtoMetric)),
  }
}

function metricOf(metric: ProtoMetric): Metric {
  return {
    name: metric.name,
    alias: has(metric, 'alias') ? String(metric.alias) : undefined,
    timestamp: has(metric, 'timestamp') ? toNumber(metric.timestamp) : Number.NaN,
    datatype: metric.datatype,
    historical: metric.isHistorical,
    transient: metric.isTransient,
    read: (datatype) => (metric.isNull || !isGood(metric) ? null : readValue(metric, datatype)),
  }
}

/** Protobuf's classes have every field's default on their prototype. */
const has = (message: object, field: string): boolean => Object.hasOwn(message, field)

/** What protobuf makes of a field of 64 bits; the times and counters in them are below 2^53. */
type Wide = NonNullable<ProtoMetric['longValue']>
const toNumber = (value: Wide): number => (typeof value === 'number' ? value : value.toNumber())

function readValue(metric: ProtoMetric, datatype: number): unknown {
  if (has(metric, 'intValue')) return integer(metric.intValue!, datatype)
  if (has(metric, 'longValue')) return long(metric.longValue!, datatype)
  if (has(metric, 'floatValue')) return metric.floatValue
  if (has(metric, 'doubleValue')) return metric.doubleValue
  if (has(metric, 'booleanValue')) return metric.booleanValue ? 1 : 0
  return has(metric, 'stringValue') ? metric.stringValue : undefined
}

/** Int8, Int16 and Int32 travel as two's complement in an unsigned field. */
const signedBits: Readonly<Record<number, number>> = { 1: 8, 2: 16, 3: 32 }
const int64 = 4

function integer(value: number, datatype: number): number {
  const spare = 32 - (signedBits[datatype] ?? 0)
  return spare === 32 ? value >>> 0 : (value << spare) >> spare
}

function long(value: Wide, datatype: number): number {
  if (typeof value === 'number') return value
  return (datatype > 0 && datatype <= int64 ? value.toSigned() : value.toUnsigned()).toNumber()
}

/** A property "Quality" other than 192 (good) says that the value is not to be trusted, as OPC does. */
const good = 192

function isGood({ properties }: ProtoMetric): boolean {
  const at = properties?.keys?.indexOf('Quality') ?? -1
  const quality = at < 0 ? undefined : properties?.values?.[at]
  if (!quality || quality.isNull) return true
  return (quality.intValue ?? toNumber(quality.longValue ?? good)) === good
}
