/** `out`: a write a message, as in the node's manual; `batch`: a function collects for the node's batch variant. */
export type NodeRedWay = 'out' | 'batch'

export interface FlowPlaces {
  readonly mqttPort: number
  readonly influxPort: number
  readonly database: string
}

/** The message as the point that `influxdb out` takes: fields with the time among them, and tags. */
const toPoint = `
const [, site, , device] = msg.topic.split('/')
const { time, values } = msg.payload
return { payload: [{ ...values, time }, { site, device }] }
`

const collect = `
const [, site, , device] = msg.topic.split('/')
const { time, values } = msg.payload
const points = context.get('points')
points.push({ measurement: 'pump', fields: values, tags: { site, device }, timestamp: time })
if (points.length < 1000) return null
context.set('points', [])
return { payload: points }
`

/** What is fewer than a thousand goes out every half second. */
const collectStart = `
context.set('points', [])
setInterval(() => {
  const points = context.get('points')
  if (points.length === 0) return
  context.set('points', [])
  node.send({ payload: points })
}, 500)
`

/** Node-RED's flow file: MQTT in > function > InfluxDB out. */
export function nodeRedFlow(way: NodeRedWay, { mqttPort, influxPort, database }: FlowPlaces): object[] {
  const batch = way === 'batch'
  const tab = { z: 'tab', x: 0, y: 0 }
  return [
    { id: 'tab', type: 'tab', label: 'readings' },
    {
      id: 'broker',
      type: 'mqtt-broker',
      broker: '127.0.0.1',
      port: String(mqttPort),
      clientid: 'bench-node-red',
      autoConnect: true,
      protocolVersion: '4',
      keepalive: '60',
      cleansession: true,
    },
    {
      id: 'influx',
      type: 'influxdb',
      hostname: '127.0.0.1',
      port: String(influxPort),
      protocol: 'http',
      database,
      influxdbVersion: '1.x',
    },
    {
      ...tab,
      id: 'in',
      type: 'mqtt in',
      topic: 'forewarn/#',
      qos: '1',
      datatype: 'json',
      broker: 'broker',
      inputs: 0,
      wires: [['function']],
    },
    {
      ...tab,
      id: 'function',
      type: 'function',
      func: batch ? collect : toPoint,
      initialize: batch ? collectStart : '',
      finalize: '',
      outputs: 1,
      libs: [],
      wires: [['out']],
    },
    {
      ...tab,
      id: 'out',
      type: batch ? 'influxdb batch' : 'influxdb out',
      influxdb: 'influx',
      measurement: 'pump',
      precision: 'ms',
      retentionPolicy: '',
      wires: [],
    },
  ]
}
