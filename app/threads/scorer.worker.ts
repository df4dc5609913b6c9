import { parentPort, workerData } from 'node:worker_threads'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import { tellHeap } from '../../core/threadHeap.ts'
import { createScorer } from '../../models/scoring/scorer.ts'
import { openSource } from './openSource.ts'
import { Pace, windowMemory } from './pace.ts'
import type { FromScorer, ScorerStart, ToScorer } from './scorerProtocol.ts'
import { type FirstSight, firstSights, inPortions } from './warmUp.ts'

/*
 * The scorer's thread: reads the log, or its streams, by itself (no message per reading), scores what is due, and hands a slice to the
 * main thread. While the main thread works on one the next is scored, and then waits for it: the log is the only buffer.
 */
const start = workerData as ScorerStart & { heap: SharedArrayBuffer }
tellHeap(start.heap)
const port = parentPort!
const say = (message: FromScorer, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)

const cold = new Set(start.stored)

const pace = new Pace()

let closing = false
/** Whoever waits for the main thread: for history, and for its word that it is done with a slice. */
const waiting: { history?: (batches: readonly ReadingBatch[]) => void; handled?: () => void } = {}

function historyFor(sights: readonly FirstSight[]): Promise<readonly ReadingBatch[]> {
  const history = new Promise<readonly ReadingBatch[]>((resolve) => {
    waiting.history = resolve
  })
  say({ kind: 'needHistory', sights })
  return history
}

const handledByMain = () =>
  new Promise<void>((resolve) => {
    waiting.handled = resolve
  })

async function run(): Promise<void> {
  const scorer = await createScorer({
    catalogue: start.catalogue,
    folders: start.folders,
    backend: start.backend,
  })
  const source = await openSource(start, (problem) => say({ kind: 'problem', problem }))
  let closed: Promise<void> | undefined
  const close = () => (closed ??= source.close())
  port.on('message', (message: ToScorer) => {
    if (message.kind === 'handled') waiting.handled?.()
    if (message.kind === 'history') waiting.history?.(message.batches)
    if (message.kind === 'close') {
      closing = true
      waiting.history?.([])
      waiting.handled?.()
      // A read that waits for a Redis that is away would wait for ever.
      void close()
    }
    if (message.kind === 'swap') {
      const { call } = message
      scorer.swap(message.assetType, message.folders).then(
        () => say({ kind: 'swapped', call, metrics: scorer.metrics() }),
        (error) => say({ kind: 'swapped', call, metrics: scorer.metrics(), error: messageOf(error) }),
      )
    }
  })
  for (const { device, assetType, until } of start.judged) scorer.resume(device, assetType, until)
  say({ kind: 'ready', metrics: scorer.metrics() })

  let handled = Promise.resolve()
  while (!closing) {
    const slice = await source.next(pace.readings)
    if (!slice) continue
    const firstSeen = firstSights(slice.batches, cold)
    for (const sights of inPortions(firstSeen))
      for (const batch of await historyFor(sights)) scorer.push(batch)
    if (closing) break
    for (const batch of slice.batches) scorer.push(batch)
    const { scores, states } = await scorer.run()
    pace.took(slice.batches, { windows: scores.length, states: states.length, warmed: firstSeen.length })
    await handled
    if (closing) break
    handled = handledByMain()
    say(
      { kind: 'scored', slice: { position: slice.position, scores, states, metrics: scorer.metrics() } },
      windowMemory(scores),
    )
  }
  await close()
  await scorer.close()
  say({ kind: 'closed' })
  port.close()
}

run().catch((error: unknown) => {
  const { code, details } =
    error instanceof ForewarnError ? error : { code: 'INTERNAL', details: { problem: messageOf(error) } }
  say({ kind: 'failed', error: { code, details } })
  port.close()
})
