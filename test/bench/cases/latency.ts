import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import type { Ticket } from '../../../core/ticket.ts'
import { quantile } from '../../../edge/quantile.ts'
import { pumpCadenceMs } from '../../../edge/simulator/lives.ts'
import { type ForewarnProcess, getJson, startProcess, until } from '../../support/forewarnProcess.ts'
import type { BenchCase, BenchContext, Measured } from '../lib/benchCase.ts'
import { writeCatalogue } from '../lib/catalogue.ts'
import { Foretold } from '../lib/foretold.ts'
import { backlogOf, eventLoopDelay, summaryOf } from '../lib/looks.ts'
import { usageOf } from '../lib/processUsage.ts'
import { type Load, type LoadResult, startPublisher } from '../publisher/publisher.ts'

const rates = [100, 1_000, 5_000]
const dayMs = 86_400_000
/** Only full windows are scored: a shorter one waits for late readings, which is the policy's time, not the machine's. */
const windowLength = 72
const stride = 1
const readingsPerDevice = 10
/** Until every healthy device has a full window, and some rest. */
const leadSeconds = windowLength / readingsPerDevice + 5
const ticketsPerSecond = 2
/** Readings that a foretold machine sends live; the third full window over the threshold raises. */
const liveReadings = 4
const livePaceMs = 250
const patienceMs = 60_000

/** From a reading's publication to the committed ticket that it caused, while healthy machines make the rest of the load. */
export const latency: BenchCase = {
  name: 'latency',
  about: 'a reading published to its ticket committed, at 100, 1,000 and 5,000 msg/s',
  async *run(context) {
    for (const rate of rates) yield await measure(context, rate)
  },
}

async function measure(context: BenchContext, rate: number): Promise<Measured> {
  const seconds = context.seconds ?? 60
  context.progress(`latency: ${rate} messages a second`)
  const folder = await context.folder()
  const catalogue = { cadenceMs: pumpCadenceMs, stride, minimum: windowLength }
  const forewarn = await startProcess({
    folder,
    env: {
      FOREWARN_CATALOGUE_FOLDER: writeCatalogue(folder, catalogue),
      FOREWARN_INGEST_MAXPASTDAYS: '400',
    },
  })
  try {
    return await underLoad(forewarn, rate, seconds)
  } finally {
    await forewarn.stop()
  }
}

async function underLoad(forewarn: ForewarnProcess, rate: number, seconds: number): Promise<Measured> {
  const machines = await foretoldMachines(forewarn, Math.ceil(seconds * ticketsPerSecond))
  const publisher = await startPublisher(healthyLoad(forewarn, rate, leadSeconds + seconds + 1))
  const load = publisher.run()
  await sleep(leadSeconds * 1_000)
  const before = { ...usageOf(forewarn.pid), scored: (await summaryOf(forewarn)).scoring.scored }
  await eventLoopDelay(forewarn)
  await machines.fail(seconds)
  const delay = await eventLoopDelay(forewarn)
  const summary = await summaryOf(forewarn)
  const after = { ...usageOf(forewarn.pid), scored: summary.scoring.scored }
  const acks = await load
  const waits = await machines.publishToTicket()
  await machines.close()
  return {
    settings: { rate, seconds, devices: rate / readingsPerDevice, stride, minimum: windowLength },
    figures: {
      tickets: waits.length,
      foretold: machines.count,
      publishToTicketP50Ms: quantile(waits, 0.5),
      publishToTicketP99Ms: quantile(waits, 0.99),
      publishToTicketMaxMs: quantile(waits, 1),
      ...perSecond(acks, before, after, seconds),
      backlogSeconds: Number((backlogOf(summary) / rate).toFixed(2)),
      eventLoopDelayP99Ms: delay,
      rssMb: after.rssMb,
    },
    aims: [
      { figure: 'publishToTicketP99Ms', atMost: 1_000 },
      { figure: 'tickets', atLeast: machines.count },
    ],
  }
}

function healthyLoad({ mqttUrl }: ForewarnProcess, rate: number, seconds: number): Load {
  const devices = rate / readingsPerDevice
  const connections = Math.min(50, devices)
  return {
    host: '127.0.0.1',
    port: Number(new URL(mqttUrl).port),
    connections,
    devices,
    window: Math.max(20, Math.ceil(rate / connections)),
    rate,
    seconds,
    assetType: 'pump',
    from: startOfReadings(),
    cadenceMs: pumpCadenceMs,
  }
}

/** So far back that event time, which runs faster here, never passes now. */
const startOfReadings = () => Math.floor(Date.now() / pumpCadenceMs) * pumpCadenceMs - 300 * dayMs

async function foretoldMachines(forewarn: ForewarnProcess, count: number) {
  const client = await connectAsync(forewarn.mqttUrl, { protocolVersion: 4, clientId: 'bench-foretold' })
  const common = { from: startOfReadings(), cadenceMs: pumpCadenceMs, history: windowLength - 1 }
  const machines = Array.from(
    { length: count },
    (_, index) => new Foretold({ name: `foretold-${index}`, index, ...common }),
  )
  for (const machine of machines) await machine.sendHistory(client)
  return {
    count,
    /** One after the other over the time; resolves when the last has sent its last reading. */
    async fail(seconds: number) {
      const sending = machines.map(async (machine, i) => {
        await sleep((i / count) * seconds * 1_000)
        await machine.sendLive(client, liveReadings, livePaceMs)
      })
      await Promise.all(sending)
    },
    /** Of every ticket, as it says itself, ms. */
    publishToTicket: () => publishToTicket(forewarn, count),
    close: () => client.endAsync(),
  }
}

async function publishToTicket({ httpUrl }: ForewarnProcess, count: number): Promise<number[]> {
  const ask = async () => {
    const { tickets } = await getJson<{ tickets: Ticket[] }>(`${httpUrl}/api/tickets?limit=1000`)
    return tickets
      .filter(({ device }) => device.startsWith('foretold-'))
      .flatMap(({ publishToTicketMs }) => publishToTicketMs ?? [])
  }
  return await until(ask, (waits) => waits.length >= count, patienceMs).catch(ask)
}

interface Progress {
  readonly cpuSeconds: number
  readonly scored: number
}

function perSecond(acks: LoadResult, before: Progress, after: Progress, seconds: number) {
  return {
    messagesPerSecond: Math.round(acks.acknowledgedInTime / acks.seconds),
    windowsPerSecond: Math.round((after.scored - before.scored) / seconds),
    ackP50Ms: acks.ackP50Ms,
    ackP99Ms: acks.ackP99Ms,
    cores: Number(((after.cpuSeconds - before.cpuSeconds) / seconds).toFixed(2)),
  }
}
