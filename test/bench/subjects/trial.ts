import { setTimeout as sleep } from 'node:timers/promises'
import { usageOf } from '../lib/processUsage.ts'
import { type Load, startPublisher } from '../publisher/publisher.ts'
import type { Subject, Trial } from './subject.ts'

/** So long nothing more may have come before what is missing counts as lost. */
const patienceMs = 15_000
const lookEveryMs = 500

const cadenceMs = 1_000
const dayMs = 86_400_000
let trials = 0

export interface TrialOptions {
  readonly connections: number
  readonly rate?: number
  readonly seconds: number
  /** Messages under way over all connections. */
  readonly underWay?: number
}

/** Offers a rate to a subject, with devices of this trial's own, and waits until what was acknowledged is stored. */
export async function tryRate(subject: Subject, options: TrialOptions): Promise<Trial> {
  const { rate, seconds } = options
  const prefix = `t${++trials}x`
  const publisher = await startPublisher({ ...loadOf(subject.port, options), prefix })
  const before = cpuSeconds(subject)
  const running = publisher.run()
  await sleep(seconds * 1_000)
  const cores = coresSince(subject, before, seconds)
  const load = await running
  const ended = performance.now()
  const [atEnd, waiting] = await Promise.all([subject.stored(prefix), subject.waiting?.() ?? 0])
  const { stored, at } = await untilStored(subject, prefix, load.acknowledged)
  const perSecond = load.acknowledged / load.seconds
  return {
    rate,
    load,
    backlogSeconds: Number((Math.max(load.acknowledged - atEnd, waiting) / perSecond).toFixed(2)),
    stored,
    catchUpSeconds: stored < load.acknowledged ? null : Number(((at - ended) / 1_000).toFixed(1)),
    cores: { ...cores, publisher: twoDecimals(load.cpuSeconds / load.seconds) },
  }
}

/** Whether a trial's rate came in whole, was stored whole, and was on its way through no more than a second. */
export function held({ rate, load, backlogSeconds, stored }: Trial): boolean {
  const offered = rate === undefined || load.acknowledgedInTime / load.seconds >= 0.97 * rate
  return offered && load.broken === 0 && stored >= load.acknowledged && backlogSeconds <= 1
}

/** One trial in words, for whoever waits. */
export const inWords = (trial: Trial): string =>
  [
    `  offered ${trial.rate ?? 'what fits'}`,
    `acknowledged ${Math.round(trial.load.acknowledgedInTime / trial.load.seconds)}/s`,
    `backlog ${trial.backlogSeconds} s`,
    `stored ${((100 * trial.stored) / trial.load.acknowledged).toFixed(1)} %`,
    held(trial) ? 'held' : 'too much',
  ].join(', ')

function loadOf(port: number, { connections, rate, seconds, underWay = 8_000 }: TrialOptions): Load {
  return {
    host: '127.0.0.1',
    port,
    connections,
    window: Math.max(8, Math.round(underWay / connections)),
    ...(rate === undefined ? {} : { rate }),
    seconds,
    assetType: 'pump',
    from: Math.floor(Date.now() / cadenceMs) * cadenceMs - 390 * dayMs,
    cadenceMs,
  }
}

/** Resolves when all is stored, or when nothing more has come for a while. */
async function untilStored(subject: Subject, prefix: string, wanted: number) {
  let last = { stored: await subject.stored(prefix), at: performance.now() }
  while (last.stored < wanted && performance.now() - last.at < patienceMs) {
    await sleep(lookEveryMs)
    const stored = await subject.stored(prefix)
    if (stored > last.stored) last = { stored, at: performance.now() }
  }
  return last
}

const cpuSeconds = ({ pids }: Subject): Record<string, number> =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, usageOf(pid).cpuSeconds]))

function coresSince(subject: Subject, before: Record<string, number>, seconds: number) {
  const used = Object.entries(cpuSeconds(subject))
  return Object.fromEntries(used.map(([name, now]) => [name, twoDecimals((now - before[name]!) / seconds)]))
}

const twoDecimals = (n: number): number => Number(n.toFixed(2))
