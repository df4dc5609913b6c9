import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../support/forewarnProcess.ts'
import type { BenchCase, BenchContext, Measured } from '../lib/benchCase.ts'
import { ReadinessWatch } from '../lib/readiness.ts'
import { type LoadResult, startPublisher } from '../publisher/publisher.ts'
import { startEmbedded } from '../subjects/embedded.ts'
import type { Trial } from '../subjects/subject.ts'
import { sustainable } from '../subjects/sustainable.ts'

const connections = 50
const cadenceMs = 1_000
const dayMs = 86_400_000
/** Every full window is scored, which takes far more than storing: scoring is what cannot keep up. */
const stride = 1
const times = 3
/** Full within the minute. */
const logBytes = 64e6
/** A message waits for its acknowledgement so long; a device that is refused comes back after a second. */
const graceMs = 300_000
const reconnectMs = 1_000
const patienceMs = 300_000

/** Three times what it can store and score: it has to take what it can, say so, lose nothing, and recover. */
export const overload: BenchCase = {
  name: 'overload',
  about:
    'three times the sustainable rate for a minute, with every window scored: acks, health, loss, recovery',
  async *run(context) {
    yield await measure(context)
  },
}

async function measure(context: BenchContext): Promise<Measured> {
  const seconds = context.seconds ?? 60
  const subject = await startEmbedded(await context.folder(), { stride, cadenceMs, logBytes })
  try {
    const trial = await sustainable(context, subject, { connections, seconds, start: 8_000 })
    const rate = trial.rate!
    context.progress(`overload: ${times * rate} messages a second for ${seconds} s`)
    const publisher = await startPublisher({
      ...{ host: '127.0.0.1', port: subject.port, connections, assetType: 'pump', prefix: 'o' },
      ...{ window: 160, rate: times * rate, seconds, graceMs, reconnectMs, cadenceMs },
      from: Math.floor(Date.now() / cadenceMs) * cadenceMs - 390 * dayMs,
    })
    const watch = new ReadinessWatch(subject.httpUrl)
    try {
      const load = await publisher.run()
      const acknowledgedSeconds = watch.now
      const stored = await until(
        () => subject.stored('o'),
        (count) => count >= load.acknowledged,
        patienceMs,
      )
      const caughtUpSeconds = watch.now
      await until(
        async () => watch.readyForGoodSeconds,
        (at) => at !== null,
        patienceMs,
      )
      await sleep(2_000)
      return told({ trial, load, watch, stored, seconds, acknowledgedSeconds, caughtUpSeconds })
    } finally {
      await watch.close()
    }
  } finally {
    await subject.close()
  }
}

interface Seen {
  readonly trial: Trial
  readonly load: LoadResult
  readonly watch: ReadinessWatch
  readonly stored: number
  readonly seconds: number
  readonly acknowledgedSeconds: number
  readonly caughtUpSeconds: number
}

function told({ trial, load, watch, stored, seconds, ...at }: Seen): Measured {
  const { readyForGoodSeconds } = watch
  const sinceTheEnd = (time: number) => Number((time - seconds).toFixed(1))
  return {
    settings: { connections, stride, times, seconds, logMb: logBytes / 1e6, store: 'duckdb' },
    figures: {
      sustainablePerSecond: Math.round(trial.load.acknowledgedInTime / trial.load.seconds),
      offeredPerSecond: times * trial.rate!,
      acknowledgedPerSecond: Math.round(load.acknowledgedInTime / load.seconds),
      sustainableAckP50Ms: trial.load.ackP50Ms,
      sustainableAckP99Ms: trial.load.ackP99Ms,
      ackP50Ms: load.ackP50Ms,
      ackP99Ms: load.ackP99Ms,
      ackMaxMs: load.ackMaxMs,
      notReadyAfterSeconds: watch.notReadyAfterSeconds,
      reconnects: load.reconnects,
      sent: load.sent,
      neverAcknowledged: load.sent - load.acknowledged,
      allAcknowledgedAfterSeconds: sinceTheEnd(at.acknowledgedSeconds),
      readyAgainAfterSeconds: readyForGoodSeconds === null ? null : sinceTheEnd(readyForGoodSeconds),
      caughtUpAfterSeconds: sinceTheEnd(at.caughtUpSeconds),
      lost: Math.max(0, load.acknowledged - stored),
      outOfOrder: load.outOfOrder,
    },
    aims: [
      { figure: 'notReadyAfterSeconds', atMost: seconds },
      { figure: 'readyAgainAfterSeconds', atMost: seconds },
      { figure: 'neverAcknowledged', atMost: 0 },
      { figure: 'lost', atMost: 0 },
    ],
  }
}
