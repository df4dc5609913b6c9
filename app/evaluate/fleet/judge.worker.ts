import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { ForewarnError, messageOf } from '../../../core/errors.ts'
import { loadAssetModel } from '../../../models/scoring/assetModel.ts'
import { createScorer } from '../../../models/scoring/scorer.ts'
import { openTicketBook } from '../../backtest/ticketBook.ts'
import { judgeSubject } from './judgeSubject.ts'
import type { FromJudge, JudgeStart, Task, ToJudge } from './protocol.ts'
import { tuneLimits } from './tuneLimits.ts'

/*
 * A thread that judges devices, one after the other: each core has one, with scorer and ticket store of its own.
 */
const { type, modelFolder, policy, backend } = workerData as JudgeStart
const port = parentPort!
const say = (message: FromJudge) => port.postMessage(message)

const fail = (error: unknown) => {
  const { code, details } =
    error instanceof ForewarnError
      ? error
      : new ForewarnError('INTERNAL', { problem: messageOf(error) }, error)
  say({ kind: 'failed', error: { code, details } })
}

async function start(): Promise<void> {
  const scorer = await createScorer({
    catalogue: new Map([[type.name, type]]),
    folders: { [type.name]: { champion: modelFolder } },
    backend,
  })
  const model = await loadAssetModel(join(modelFolder), type)
  const { hash } = model
  model.dispose()
  const book = await openTicketBook()
  const work = async (task: Task) => {
    if (task.kind === 'tune') say({ kind: 'tuned', limits: tuneLimits(type, task.devices, task.days) })
    else
      say({
        kind: 'device',
        result: await judgeSubject(task.subject, task.limits, { type, scorer, policy, book }),
      })
  }
  port.on('message', (message: ToJudge) => {
    if (message.kind === 'task') work(message.task).catch(fail)
    else
      Promise.all([book.close(), scorer.close()])
        .catch(fail)
        .finally(() => port.close())
  })
  say({ kind: 'ready', model: hash, backend: scorer.metrics().backend })
}

start().catch(fail)
