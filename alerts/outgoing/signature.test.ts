import { createHmac, timingSafeEqual } from 'node:crypto'
import { expect, it } from 'vitest'
import { secretPattern, sign } from './signature.ts'

const secret = `whsec_${Buffer.from('a key of four and twenty').toString('base64')}`
const at = 1_732_250_000_999
const body = '{"type":"ticket.opened","device":"P-101 ä"}'

/** What docs/webhooks.md tells a receiver to do. */
function verify(headers: Record<string, string>, text: string, key: string, nowMs: number): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures } = headers
  if (Math.abs(nowMs / 1_000 - Number(time)) > 300) return false
  const bytes = Buffer.from(key.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', bytes).update(`${id}.${time}.${text}`).digest()
  return signatures!.split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64')
    return one.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected)
  })
}

it('is what Standard Webhooks computes for its own example', () => {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, worked out with openssl.
  const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const example = sign(key, {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    at: 1_614_265_330_000,
    body: '{"test": 2432232314}',
  })
  expect(example['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

it('proves text, time and sender, and lets nothing be changed', () => {
  const headers: Record<string, string> = { ...sign(secret, { id: 'msg_1', at, body }) }
  expect(headers['webhook-timestamp']).toBe('1732250000')
  expect(verify(headers, body, secret, at)).toBe(true)
  expect(verify(headers, `${body} `, secret, at)).toBe(false)
  expect(verify({ ...headers, 'webhook-id': 'msg_2' }, body, secret, at)).toBe(false)
  expect(verify({ ...headers, 'webhook-timestamp': '1732250001' }, body, secret, at)).toBe(false)
  expect(verify(headers, body, secret.replace('whsec_Y', 'whsec_Z'), at)).toBe(false)
  expect(verify(headers, body, secret, at + 301_000)).toBe(false)
})

it('takes secrets of 24 to 64 bytes', () => {
  for (const length of [24, 25, 26, 32, 63, 64]) {
    expect(Buffer.alloc(length, 1).toString('base64'), String(length)).toMatch(secretPattern)
  }
  for (const wrong of [
    '',
    'password',
    Buffer.alloc(23).toString('base64'),
    Buffer.alloc(66).toString('base64'),
  ]) {
    expect(wrong).not.toMatch(secretPattern)
  }
})
