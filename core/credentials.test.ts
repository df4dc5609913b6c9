import { describe, expect, it } from 'vitest'
import { createCredentials, credentialPattern } from './credentials.ts'

const secret = 'k3v9-0aMx_27qLpZ'

describe('credentials', () => {
  const credentials = createCredentials([`anna:${secret}`, 'ben:another-long-secret', `anna:${secret}-new`])

  it('know who holds a secret, and whose it is not', () => {
    expect(credentials.required).toBe(true)
    expect(credentials.ownerOf(secret)).toBe('anna')
    expect(credentials.ownerOf('another-long-secret')).toBe('ben')
    expect(credentials.matches('anna', secret)).toBe(true)
    expect(credentials.matches('anna', `${secret}-new`)).toBe(true)
    expect(credentials.matches('ben', secret)).toBe(false)
  })

  it.each(['', secret.slice(1), `${secret} `, secret.toUpperCase(), `anna:${secret}`])(
    'refuse %j',
    (wrong) => {
      expect(credentials.ownerOf(wrong)).toBeUndefined()
      expect(credentials.matches('anna', wrong)).toBe(false)
    },
  )

  it('are not required where there are none, and then nothing matches', () => {
    const none = createCredentials([])
    expect([none.required, none.ownerOf(''), none.matches('', '')]).toEqual([false, undefined, false])
  })
})

it.each([
  [`anna:${secret}`, true],
  ['anna:sixteen-letters.', true],
  ['anna:fifteen-letters', false],
  [secret, false],
  [`:${secret}`, false],
  [`anna:${secret}:x`, false],
  [`anna:${secret},x`, false],
  [`an na:${secret}`, false],
  [`anna:${secret} x`, false],
  [`änna:${secret}`, false],
])('%j as name:secret: %s', (entry, valid) => {
  expect(credentialPattern.test(entry)).toBe(valid)
})
