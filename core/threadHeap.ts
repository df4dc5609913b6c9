import { getHeapStatistics } from 'node:v8'

/*
 * Each worker thread has a heap of its own, of which the main thread sees nothing. It writes its size down in a number
 * that both share.
 */
const heaps = new Map<string, Float64Array>()

const everyMs = 1_000

/** For who starts a thread: where it tells its heap, to be handed to it with its data. */
export function heapOf(thread: string): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)
  heaps.set(thread, new Float64Array(shared))
  return shared
}

/** For the thread: tells its heap from now on; keeps nothing alive. */
export function tellHeap(shared: SharedArrayBuffer): void {
  const cell = new Float64Array(shared)
  const tell = () => {
    cell[0] = getHeapStatistics().used_heap_size
  }
  tell()
  setInterval(tell, everyMs).unref()
}

/** JavaScript heap in use by each thread that was started, bytes; 0 until it told. */
export const threadHeaps = (): { thread: string; bytes: number }[] =>
  [...heaps].map(([thread, cell]) => ({ thread, bytes: cell[0]! }))
