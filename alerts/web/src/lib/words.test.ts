import { describe, expect, it } from 'vitest'
import { notScoredWords, riskOf } from './deviceWords.ts'
import { reasonWords, sentence } from './ticketWords.ts'
import { formatAge, formatDuration, formatSeconds, formatSpan, fromLocalInput, toLocalInput } from './time.ts'

describe('riskOf', () => {
  const score = { failureProbability: 0.01 }

  it('never calls a machine low risk without a valid score', () => {
    expect(riskOf({ state: { state: 'not_scored' }, score })).toBe('not_scored')
    expect(riskOf({ state: { state: 'scored' }, score: null })).toBe('not_scored')
    expect(riskOf({ state: { state: 'scored' }, score })).toBe('low')
  })

  it('says why in words', () => {
    expect(notScoredWords('gap')).toBe('not scored, because readings are missing inside the window')
  })
})

describe('words for names', () => {
  it('reads a named reason as the policy words it, and an unknown one as itself', () => {
    expect(reasonWords('persistent')).toBe('Over the threshold in k of the last n windows')
    expect(reasonWords('brand_new')).toBe('Brand new')
    expect(sentence('bearing_wear')).toBe('Bearing wear')
  })
})

describe('time', () => {
  const at = (day: number, hours: number) => new Date(2026, 10, day, hours).getTime()

  it('words durations and ages', () => {
    expect([8000, 125_000, 3 * 3_600_000, 5 * 86_400_000].map(formatDuration)).toEqual([
      '8 s',
      '2 min',
      '3 h',
      '5 d',
    ])
    expect([420, 3140, 27_400].map(formatSeconds)).toEqual(['0.42 s', '3.1 s', '27 s'])
    expect(formatAge(1000, 3000)).toBe('just now')
  })

  it('words spans as short as they can be', () => {
    const now = at(1, 0)
    expect(formatSpan(at(23, 2), at(23, 17), now)).toBe('23 Nov, 02:00 to 17:00')
    expect(formatSpan(at(23, 2), at(24, 9), now)).toBe('23 Nov, 02:00 to 24 Nov, 09:00')
    expect(formatSpan(at(3, 2), at(24, 9), now)).toBe('3 Nov to 24 Nov')
    expect(formatSpan(at(3, 2), at(3, 2) + 1000, now)).toBe('about 3 Nov, 02:00')
  })

  it('reads a datetime field back as it wrote it', () => {
    expect(fromLocalInput(toLocalInput(at(5, 8)))).toBe(at(5, 8))
    expect(fromLocalInput('')).toBeNaN()
  })
})
