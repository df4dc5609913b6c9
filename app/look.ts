import { messageOf } from '../core/errors.ts'

/** What was seen; `problem`: why there was no answer this time, then `value` is that of the last answer. */
export interface Seen<T> {
  readonly value: T
  readonly problem?: string
}

/** A part that is away may take long to say so; whoever asks for the health does not wait for that. */
const patienceMs = 1_500

/** Looks at a part without waiting for one that is away: then the value is that of the last answer. */
export function createLook<T>(
  ask: () => Promise<T>,
  initial: T,
  patience = patienceMs,
): () => Promise<Seen<T>> {
  let value = initial
  // One question at a time, however often it is asked: a part that is away would gather them.
  let asking: Promise<T> | undefined
  const askOnce = () => {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
  return async () => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${patience} ms`)), patience)
    })
    try {
      value = await Promise.race([askOnce(), late])
      return { value }
    } catch (error) {
      return { value, problem: messageOf(error) }
    } finally {
      clearTimeout(timer)
    }
  }
}
