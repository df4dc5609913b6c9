import { expect, it } from 'vitest'
import { fitting } from './progress.ts'

it('keeps the progress line on one line of the terminal', () => {
  expect(fitting('12 devices', 80)).toBe('12 devices')
  const cut = fitting('12 devices · 240 messages/s', 20)
  expect(cut).toBe('12 devices · 240…')
  expect(cut.length + 2).toBeLessThan(20)
  expect(fitting('x'.repeat(100), undefined)).toHaveLength(77)
})
