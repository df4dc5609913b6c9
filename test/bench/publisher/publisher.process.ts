import { Connection } from './connection.ts'
import { Histogram } from './histogram.ts'
import { Messages } from './messages.ts'
import type { Load, LoadResult } from './protocol.ts'

/*
 * A process of its own, so that what it takes is not counted as the broker's. Told what to do by message, `start`
 * begins, and the result goes back.
 */
const tickMs = 5

process.once('message', (load: Load) => void run(load))

async function run(load: Load): Promise<void> {
  const latency = new Histogram()
  const connections = openAll(load, latency)
  for (const connection of connections) await connection.open()
  process.send!('connected')
  await new Promise((resolve) => process.once('message', resolve))
  const before = process.cpuUsage()
  const started = performance.now()
  const perSecond: number[] = []
  const counted = setInterval(() => perSecond.push(total(connections, 'acknowledged')), 1_000)
  await publish(load, connections, started + load.seconds * 1_000)
  clearInterval(counted)
  const seconds = (performance.now() - started) / 1_000
  const acknowledgedInTime = total(connections, 'acknowledged')
  const { user, system } = process.cpuUsage(before)
  await settled(connections, load.graceMs ?? 30_000)
  const result: LoadResult = {
    sent: total(connections, 'sent'),
    acknowledged: total(connections, 'acknowledged'),
    acknowledgedInTime,
    seconds,
    ackP50Ms: latency.quantile(0.5),
    ackP99Ms: latency.quantile(0.99),
    ackMaxMs: latency.max(),
    outOfOrder: total(connections, 'outOfOrder'),
    broken: connections.filter((c) => c.broken).length,
    reconnects: total(connections, 'reconnects'),
    perSecond: perSecond.map((n, i) => n - (perSecond[i - 1] ?? 0)),
    cpuSeconds: (user + system) / 1e6,
  }
  for (const connection of connections) connection.close()
  process.send!(result, () => process.disconnect())
}

function openAll(load: Load, latency: Histogram): Connection[] {
  const { host, port, window, from, cadenceMs, reconnectMs } = load
  const { assetType, prefix = 'd', stamped = false } = load
  const messages = new Messages({ assetType, prefix, stamped })
  const devices = Math.max(load.devices ?? load.connections, load.connections)
  return Array.from({ length: load.connections }, (_, c) => {
    const own: number[] = []
    for (let d = c; d < devices; d += load.connections) own.push(d)
    const clientId = `bench-${process.pid}-${c}`
    const most = (load.readings ?? Number.POSITIVE_INFINITY) * own.length
    const shared = { host, port, window, messages, from, cadenceMs, latency, reconnectMs }
    return new Connection({ ...shared, clientId, devices: own, most })
  })
}

/** Resolves when the time is over, or everything is sent. */
function publish(load: Load, connections: readonly Connection[], end: number): Promise<void> {
  return load.rate === undefined ? flatOut(connections, end) : atRate(load.rate, connections, end)
}

/** As fast as acknowledgements make room. */
function flatOut(connections: readonly Connection[], end: number): Promise<void> {
  return new Promise((resolve) => {
    for (const connection of connections) {
      connection.onRoom = () => void (performance.now() < end && connection.send(connection.room))
      connection.onRoom()
    }
    const timer = setInterval(() => {
      if (performance.now() < end && !connections.every((c) => c.done)) return
      clearInterval(timer)
      resolve()
    }, tickMs)
  })
}

/** A steady total rate in small ticks, in turns over the connections; what has no room waits for the next tick. */
function atRate(rate: number, connections: readonly Connection[], end: number): Promise<void> {
  const started = performance.now()
  let due = 0
  let next = 0
  return new Promise((resolve) => {
    const tick = () => {
      const now = performance.now()
      const wanted = Math.floor(((Math.min(now, end) - started) / 1_000) * rate)
      let open = wanted - due
      const share = Math.max(1, Math.ceil(open / connections.length))
      for (let tried = 0; open > 0 && tried < connections.length; tried++) {
        const sent = connections[next]!.send(Math.min(share, open))
        next = (next + 1) % connections.length
        open -= sent
        due += sent
      }
      if (now < end && !connections.every((c) => c.done)) return
      clearInterval(timer)
      resolve()
    }
    const timer = setInterval(tick, tickMs)
  })
}

async function settled(connections: readonly Connection[], ms: number): Promise<void> {
  const end = performance.now() + ms
  for (const connection of connections) connection.onRoom = () => {}
  while (connections.some((c) => !c.broken && c.acknowledged < c.sent) && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 20))
}

type Count = 'sent' | 'acknowledged' | 'outOfOrder' | 'reconnects'

const total = (connections: readonly Connection[], count: Count): number =>
  connections.reduce((sum, connection) => sum + connection[count], 0)
