import { describe, expect, it } from 'vitest'
import { parseRedisUrl } from './address.ts'

describe('the address of Redis', () => {
  it.each([
    ['redis://localhost', { kind: 'single', tls: false, hosts: [{ host: 'localhost', port: 6379 }], db: 0 }],
    ['rediss://r.example:6380/3', { tls: true, hosts: [{ host: 'r.example', port: 6380 }], db: 3 }],
    ['redis://[::1]:7000', { hosts: [{ host: '::1', port: 7000 }] }],
    ['redis://:p%40ss@h', { password: 'p@ss' }],
    ['redis://ann:a:b@h:1', { username: 'ann', password: 'a:b', hosts: [{ host: 'h', port: 1 }] }],
    [
      'redis+sentinel://u:p@a,b:2,[::1]/plant?db=4',
      {
        kind: 'sentinel',
        master: 'plant',
        db: 4,
        hosts: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 2 },
          { host: '::1', port: 26379 },
        ],
      },
    ],
    ['rediss+sentinel://a/plant/2', { kind: 'sentinel', tls: true, master: 'plant', db: 2 }],
    [
      'redis+cluster://a:1,b',
      {
        kind: 'cluster',
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 6379 },
        ],
      },
    ],
  ])('%s', (url, expected) => {
    expect(parseRedisUrl(url)).toMatchObject(expected)
  })

  it('is shown without user and password', () => {
    expect(parseRedisUrl('rediss+sentinel://ann:s@cret@a:1,b:2/plant').name).toBe(
      'rediss+sentinel://a:1,b:2/plant',
    )
    expect(parseRedisUrl('redis+cluster://:s:ecret@a:1').name).toBe('redis+cluster://a:1')
  })

  it.each([
    ['redis://a,b', /several hosts need redis\+sentinel/],
    ['redis+sentinel://a', /name of the master is missing/],
    ['redis+cluster://a/1', /no database but 0/],
    ['redis://a/one', /is the number of a database/],
    ['redis://a:99999', /is no host:port/],
    ['redis://a:1,', /is no host:port/],
    ['redis://', /expected redis:/],
    ['redis://ann:100%@a', /percent-encoded/],
    ['redis://ann:sec/ret@a', /is no host:port/],
    ['redis://ann:1/sec@a', /is the number of a database/],
  ])('%s is refused', (url, problem) => {
    const parse = () => parseRedisUrl(url)
    expect(parse).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(problem) }),
    )
    expect(parse).not.toThrow(/sec|100%/)
  })
})
