import { expect, it } from 'vitest'
import { heapOf, tellHeap, threadHeaps } from './threadHeap.ts'

it('shows who started a thread what the thread tells', () => {
  const shared = heapOf('reader')
  expect(threadHeaps()).toEqual([{ thread: 'reader', bytes: 0 }])
  tellHeap(shared)
  expect(threadHeaps()[0]!.bytes).toBeGreaterThan(1e6)
})
