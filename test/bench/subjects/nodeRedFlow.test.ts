import { createContext, runInContext } from 'node:vm'
import { expect, it } from 'vitest'
import { type NodeRedWay, nodeRedFlow } from './nodeRedFlow.ts'

interface FlowNode {
  id: string
  type: string
  func: string
  initialize: string
  wires: string[][]
}

const flow = (way: NodeRedWay) =>
  nodeRedFlow(way, { mqttPort: 1, influxPort: 2, database: 'bench' }) as FlowNode[]
const message = (time: number) => ({
  topic: 'forewarn/bench/pump/d1/telemetry',
  payload: { time, seq: 1, values: { flow: 2.5 } },
})

/** The function node as Node-RED runs it, over one context. */
function functionOf(way: NodeRedWay) {
  const node = flow(way).find(({ type }) => type === 'function')!
  const kept = new Map<string, unknown>()
  const context = {
    get: (key: string) => kept.get(key),
    set: (key: string, value: unknown) => kept.set(key, value),
  }
  const sandbox = createContext({ context, node: { send: () => {} }, setInterval: () => {} })
  const run = (code: string, msg: unknown) => {
    sandbox.msg = msg
    return runInContext(`(() => { ${code} })()`, sandbox) as { payload: unknown[] } | null
  }
  run(node.initialize, undefined)
  return (msg: unknown) => run(node.func, msg)
}

it.each<NodeRedWay>(['out', 'batch'])('goes from MQTT in over the function to influxdb %s', (way) => {
  const [into, work, out] = flow(way).slice(-3)
  expect([into!.type, work!.type, out!.type]).toEqual(['mqtt in', 'function', `influxdb ${way}`])
  expect([into!.wires, work!.wires]).toEqual([[[work!.id]], [[out!.id]]])
})

it('makes a point of a message', () => {
  expect(functionOf('out')(message(7))).toEqual({
    payload: [
      { flow: 2.5, time: 7 },
      { site: 'bench', device: 'd1' },
    ],
  })
})

it('collects a thousand points for the batch', () => {
  const collect = functionOf('batch')
  for (let time = 1; time < 1_000; time++) expect(collect(message(time))).toBeNull()
  const { payload } = collect(message(1_000))!
  expect(payload).toHaveLength(1_000)
  expect(payload[0]).toEqual({
    measurement: 'pump',
    fields: { flow: 2.5 },
    tags: { site: 'bench', device: 'd1' },
    timestamp: 1,
  })
  expect(collect(message(1_001))).toBeNull()
})
