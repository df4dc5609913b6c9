import { InvalidArgumentError } from 'commander'
import fastify from 'fastify'
import { expect, it } from 'vitest'
import { countFrom1 } from './commands/options.ts'
import { listen } from './listen.ts'

it('takes no fleet without a pump', () => {
  expect(countFrom1('1')).toBe(1)
  for (const text of ['0', '-1', '1.5', 'x', '']) expect(() => countFrom1(text)).toThrow(InvalidArgumentError)
})

it('names http.host where this machine has no such address', async () => {
  const http = { host: '192.0.2.1', port: 0, allowedHosts: [], tokens: [], tlsCert: '', tlsKey: '' }
  await expect(listen(fastify(), http)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    details: { path: 'http.host' },
  })
})
