import { SingleBar } from 'cli-progress'
import type { Progress } from '../backup/progress.ts'

/** Runs work that tells its progress, which is drawn on stderr; not where a program reads the result. */
export async function withBar<T>(
  json: boolean | undefined,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  if (json) return work(() => undefined)
  const bar = new SingleBar({ format: '  {bar} {percentage} % · {step}, {value}', stream: process.stderr })
  bar.start(1, 0, { step: 'opening' })
  try {
    return await work((step, done, total) => {
      bar.setTotal(Math.max(1, total))
      bar.update(done, { step })
    })
  } finally {
    bar.stop()
  }
}
