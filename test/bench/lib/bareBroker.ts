import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('./bareBroker.process.ts', import.meta.url))

export interface BareBroker {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

/** aedes in a process of its own, with nothing behind it. */
export async function startBareBroker(): Promise<BareBroker> {
  const child = fork(entry, { execArgv: ['--import', 'tsx'] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    port,
    pid: child.pid!,
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
