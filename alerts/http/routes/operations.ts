import { ForewarnError } from '../../../core/errors.ts'
import { type DeadLetter, deadLetterReasons } from '../../../core/reading.ts'
import { type App, answers } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import { done } from '../schemas/common.ts'
import {
  type DeadLetterView,
  deadLetterList,
  deadLetterQuery,
  failedList,
  failedParams,
} from '../schemas/operations.ts'
import { summary } from '../schemas/summary.ts'

const tags = ['operations']
const previewBytes = 500
const maxFailed = 1000

export function operationsRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/summary',
    {
      schema: {
        tags,
        summary: 'Counts of everything, the loss accounting and the health',
        response: answers(summary),
      },
    },
    () => deps.summary(),
  )

  app.get(
    '/api/deadletters',
    {
      schema: {
        tags,
        summary: 'Input that could not become a reading, newest first',
        querystring: deadLetterQuery,
        response: answers(deadLetterList),
      },
    },
    async ({ query: { reason, limit } }) => {
      const letters = await deps.deadLetters.list({ limit, ...(reason && { reason }) })
      const { byReason, readings } = await deps.deadLetters.counts()
      return { deadLetters: letters.map(viewDeadLetter), counts: byReason, readings }
    },
  )

  app.get(
    '/api/queue/failed',
    { schema: { tags, summary: 'Predictions that could not be handled', response: answers(failedList) } },
    async () => ({ failed: await deps.queue.failed(maxFailed) }),
  )

  app.post(
    '/api/queue/failed/:id/retry',
    {
      schema: {
        tags,
        summary: 'Hand a failed prediction to the queue again',
        params: failedParams,
        response: answers(done),
      },
    },
    async ({ params: { id }, url }) => {
      const failed = await deps.queue.failed(maxFailed)
      if (!failed.some((job) => job.id === id)) throw new ForewarnError('NOT_FOUND', { path: url })
      await deps.queue.retry(id)
      return { ok: true as const }
    },
  )
}

/** Bytes of strangers: shown as text, never as anything a browser would run. */
const viewDeadLetter = ({ payload, ...letter }: DeadLetter): DeadLetterView => ({
  ...letter,
  reasonText: deadLetterReasons[letter.reason],
  bytes: payload.byteLength,
  preview: new TextDecoder().decode(payload.subarray(0, previewBytes)),
})
