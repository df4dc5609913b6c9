import { Worker } from 'node:worker_threads'
import { ForewarnError } from '../../../core/errors.ts'
import { workerEntry } from '../../../core/worker.ts'
import type { FixedLimits } from './fixedLimits.ts'
import type { DeviceResult, FromJudge, Judged, JudgeStart, Subject, Task, ToJudge } from './protocol.ts'

/** Threads that judge devices side by side. */
export interface Judges extends Judged {
  /** Chooses the rule's limits on other simulated fleets. */
  tune(devices: number, days: number): Promise<FixedLimits>
  /** The results in the order of the subjects, whichever thread they came from. Rejects as soon as one fails. */
  judge(subjects: readonly Subject[], limits: FixedLimits, onDone: () => void): Promise<DeviceResult[]>
  close(): Promise<void>
}

/** Starts so many threads. Rejects (ARTIFACT_MISSING, ARTIFACT_DAMAGED) where the model cannot be loaded. */
export async function openJudges(start: JudgeStart, count: number): Promise<Judges> {
  const opened = await Promise.allSettled(Array.from({ length: count }, () => openJudge(start)))
  const judges = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const close = async () => {
    await Promise.all(judges.map((judge) => judge.close()))
  }
  const failed = opened.find((one) => one.status === 'rejected')
  if (failed) {
    await close()
    throw failed.reason
  }
  const [first] = judges as [Judge]
  return {
    model: first.model,
    backend: first.backend,
    async tune(devices, days) {
      const answer = await first.ask({ kind: 'tune', devices, days })
      if (answer.kind !== 'tuned') throw unexpected(answer)
      return answer.limits
    },
    async judge(subjects, limits, onDone) {
      const results: DeviceResult[] = []
      let next = 0
      const work = async (judge: Judge) => {
        while (next < subjects.length) {
          const place = next++
          const answer = await judge.ask({ kind: 'device', subject: subjects[place]!, limits })
          if (answer.kind !== 'device') throw unexpected(answer)
          results[place] = answer.result
          onDone()
        }
      }
      await Promise.all(judges.map(work))
      return results
    },
    close,
  }
}

const unexpected = ({ kind }: FromJudge) =>
  new ForewarnError('INTERNAL', { problem: `a judging thread answered ${kind}` })

/** One thread; it is asked one thing at a time. */
interface Judge extends Judged {
  ask(task: Task): Promise<FromJudge>
  close(): Promise<void>
}

async function openJudge(start: JudgeStart): Promise<Judge> {
  const { url, execArgv } = workerEntry(import.meta.url, 'judge.worker')
  const worker = new Worker(url, { workerData: start, execArgv, name: 'fleet' })
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  let asked: { resolve(answer: FromJudge): void; reject(error: unknown): void } | undefined
  const answer = () =>
    new Promise<FromJudge>((resolve, reject) => {
      asked = { resolve, reject }
    })
  worker.on('message', (message: FromJudge) => {
    if (message.kind === 'failed')
      asked?.reject(new ForewarnError(message.error.code, { ...message.error.details }))
    else asked?.resolve(message)
  })
  worker.on('error', (error) => asked?.reject(error))
  worker.on('exit', () => asked?.reject(new ForewarnError('INTERNAL', { problem: 'a judging thread ended' })))
  const say = (message: ToJudge) => worker.postMessage(message)
  let ready: FromJudge
  try {
    ready = await answer()
  } catch (error) {
    await worker.terminate()
    throw error
  }
  if (ready.kind !== 'ready') throw unexpected(ready)
  return {
    model: ready.model,
    backend: ready.backend,
    ask(task) {
      const answered = answer()
      say({ kind: 'task', task })
      return answered
    },
    async close() {
      say({ kind: 'close' })
      await exited
    },
  }
}
