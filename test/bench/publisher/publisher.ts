import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Load, LoadResult } from './protocol.ts'

export type { Load, LoadResult } from './protocol.ts'

/** A publisher whose connections stand. */
export interface Publisher {
  readonly pid: number
  /** Sends for as long as it was told, waits for the acknowledgements, ends. */
  run(): Promise<LoadResult>
}

const entry = fileURLToPath(new URL('./publisher.process.ts', import.meta.url))

/** Starts a publisher in a process of its own; resolves when all its connections are accepted. */
export async function startPublisher(load: Load): Promise<Publisher> {
  const child = fork(entry, { execArgv: ['--import', 'tsx'] })
  child.send(load)
  await answer(child)
  return {
    pid: child.pid!,
    async run() {
      const result = answer<LoadResult>(child)
      child.send('start')
      return await result
    },
  }
}

export const publish = async (load: Load): Promise<LoadResult> => (await startPublisher(load)).run()

async function answer<T>(child: ReturnType<typeof fork>): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the publisher ended with ${code}`)
  })
  const said = once(child, 'message').then(([message]) => message as T)
  return await Promise.race([said, ended])
}
