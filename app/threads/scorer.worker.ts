import { parentPort, workerData } from 'node:worker_threads'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import { createScorer } from '../../models/scoring/scorer.ts'
import { openSource } from './openSource.ts'
import type { FromScorer, ScorerStart, ToScorer } from './scorerProtocol.ts'
import { type FirstSight, firstSights } from './warmUp.ts'

/*
 * The scorer's thread: reads the log, or its streams, by itself (no message per reading), scores what is due, and hands a slice to the
 * main thread. One slice is under way at a time: the log is the only buffer.
 */
const start = workerData as ScorerStart
const port = parentPort!
const say = (message: FromScorer) => port.postMessage(message)

const readingsPerSlice = 2_000

const cold = new Set(start.stored)

let closing = false
/** Whoever waits for the main thread's answer. */
let answered: ((batches: readonly ReadingBatch[]) => void) | undefined

const answer = () =>
  new Promise<readonly ReadingBatch[]>((resolve) => {
    answered = resolve
  })

function historyFor(sights: readonly FirstSight[]): Promise<readonly ReadingBatch[]> {
  const history = answer()
  say({ kind: 'needHistory', sights })
  return history
}

async function run(): Promise<void> {
  const scorer = await createScorer({
    catalogue: start.catalogue,
    artifactsFolder: start.modelsFolder,
    backend: start.backend,
  })
  const source = await openSource(start, (problem) => say({ kind: 'problem', problem }))
  let closed: Promise<void> | undefined
  const close = () => (closed ??= source.close())
  port.on('message', (message: ToScorer) => {
    if (message.kind === 'handled') answered?.([])
    if (message.kind === 'history') answered?.(message.batches)
    if (message.kind === 'close') {
      closing = true
      answered?.([])
      // A read that waits for a Redis that is away would wait for ever.
      void close()
    }
    if (message.kind === 'swap') {
      scorer.swap(message.assetType, message.folder).then(
        () => say({ kind: 'swapped', call: message.call }),
        (error) => say({ kind: 'swapped', call: message.call, error: messageOf(error) }),
      )
    }
  })
  for (const { device, assetType, until } of start.judged) scorer.resume(device, assetType, until)
  say({ kind: 'ready', metrics: scorer.metrics() })

  while (!closing) {
    const slice = await source.next(readingsPerSlice)
    if (!slice) continue
    const sights = firstSights(slice.batches, cold)
    if (sights.length > 0) for (const batch of await historyFor(sights)) scorer.push(batch)
    if (closing) break
    for (const batch of slice.batches) scorer.push(batch)
    const { scores, states } = await scorer.run()
    const handled = answer()
    say({ kind: 'scored', slice: { position: slice.position, scores, states, metrics: scorer.metrics() } })
    await handled
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
