import { expect, it } from 'vitest'
import { ForewarnError } from '../../core/errors.ts'
import { pack, unpack } from './rpc.ts'

it('errors cross threads with their details', () => {
  const error = new ForewarnError('STORE_UNAVAILABLE', { problem: 'busy', retryAfterMs: 3_000 })
  const back = unpack(structuredClone(pack(error)))
  expect(back).toBeInstanceOf(ForewarnError)
  expect(back).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: error.message,
    remedy: error.remedy,
    next: 'retry',
    details: { problem: 'busy', retryAfterMs: 3_000 },
  })
})

it('what is no error of the catalogue becomes one', () => {
  expect(unpack(pack(new TypeError('x is not a function')))).toMatchObject({
    code: 'INTERNAL',
    details: { problem: 'x is not a function' },
  })
})
