import { expect, it } from 'vitest'
import type { LoadResult } from '../publisher/publisher.ts'
import type { Trial } from './subject.ts'
import { held, inWords } from './trial.ts'

const load: LoadResult = {
  sent: 10_000,
  acknowledged: 10_000,
  acknowledgedInTime: 9_900,
  seconds: 10,
  ackP50Ms: 1,
  ackP99Ms: 2,
  ackMaxMs: 3,
  outOfOrder: 0,
  broken: 0,
  reconnects: 0,
  perSecond: [],
  cpuSeconds: 1,
}
const trial: Trial = {
  rate: 1_000,
  load,
  backlogSeconds: 0.4,
  stored: 10_000,
  catchUpSeconds: 0.5,
  cores: { forewarn: 0.5 },
}

it('holds a rate that came in whole, is stored whole and was less than a second behind', () => {
  expect(held(trial)).toBe(true)
  expect(inWords(trial)).toBe('  offered 1000, acknowledged 990/s, backlog 0.4 s, stored 100.0 %, held')
})

it.each<[string, Partial<Trial>]>([
  ['readings are missing', { stored: 9_999 }],
  ['it was more than a second behind', { backlogSeconds: 1.1 }],
  ['less was acknowledged than offered', { load: { ...load, acknowledgedInTime: 9_600 } }],
  ['a connection broke', { load: { ...load, broken: 1 } }],
])('does not where %s', (_, change) => {
  expect(held({ ...trial, ...change })).toBe(false)
  expect(inWords({ ...trial, ...change })).toMatch(/too much$/)
})

it('asks no rate of a publisher that sends what fits', () => {
  expect(held({ ...trial, rate: undefined, load: { ...load, acknowledgedInTime: 1 } })).toBe(true)
})
