import { expect, it } from 'vitest'
import { makeScore, now } from '../http/testing/fixtures.ts'
import { ancestorsElsewhere, causeOf, judgingOrder } from './inhibition.ts'
import { ancestorsIn } from './plant.ts'

const parents = new Map([
  ['seal', 'pump'],
  ['pump', 'line'],
])
const plant = {
  ancestors: (device: string) => ancestorsIn(parents, device),
  owns: (d: string) => d !== 'line',
}
const scoreOf = (device: string, windowEnd = now) => makeScore({ device, windowEnd })

it('takes the nearest standing alarm above for the cause', () => {
  const stands = (...raised: string[]) => causeOf(plant, (device) => raised.includes(device), 'seal')
  expect(stands('line', 'pump')).toBe('pump')
  expect(stands('line')).toBe('line')
  expect(stands('seal', 'other')).toBeUndefined()
})

it('judges by time, and of one time what others hang on first', () => {
  const scores = [scoreOf('seal'), scoreOf('line', now + 1), scoreOf('pump'), scoreOf('line')]
  expect(judgingOrder(scores, plant)).toEqual([3, 2, 0, 1])
  expect(judgingOrder([scoreOf('line', 2), scoreOf('other', 1)], plant)).toEqual([0, 1])
})

it('asks for ancestors that another process judges, each once', () => {
  expect(ancestorsElsewhere([scoreOf('seal'), scoreOf('pump'), scoreOf('line')], plant)).toEqual(['line'])
})
