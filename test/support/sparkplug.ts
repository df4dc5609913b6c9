import sparkplug from 'sparkplug-payload'
import type { TypeStr } from 'sparkplug-payload/lib/sparkplugbpayload.js'
import proto from 'sparkplug-payload/lib/sparkplugPayloadProto.js'

/** A metric as an edge node sends it; without `type` it has no datatype, as data messages may. */
export interface SentMetric {
  readonly name?: string
  readonly alias?: number
  readonly type?: TypeStr
  readonly value: number | boolean | string | null
  readonly timestamp?: number
  readonly isHistorical?: boolean
  readonly isTransient?: boolean
  /** 192 is good. */
  readonly quality?: number
}

export interface SentPayload {
  readonly timestamp?: number
  readonly seq?: number
  readonly metrics?: readonly SentMetric[]
}

const { Payload } = proto.org.eclipse.tahu.protobuf

/** The bytes of a Sparkplug B payload, by the reference library. */
export function encodeSparkplug({ timestamp, seq, metrics = [] }: SentPayload): Buffer {
  const encoded = sparkplug.get('spBv1.0')!.encodePayload({
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(seq === undefined ? {} : { seq }),
    metrics: metrics.map(({ type = 'Double', quality, ...metric }) => ({
      ...metric,
      type,
      ...(quality === undefined ? {} : { properties: { Quality: { type: 'Int32', value: quality } } }),
    })),
  })
  const payload = Payload.decode(encoded)
  metrics.forEach(({ type, name }, i) => {
    const metric = payload.metrics[i] as { datatype?: number; name?: string }
    if (type === undefined) delete metric.datatype
    if (name === undefined) delete metric.name
  })
  return Buffer.from(Payload.encode(payload).finish())
}
