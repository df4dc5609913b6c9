import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAllowList, refusalOf } from './addresses.ts'
import { parseTarget, resolveTarget } from './target.ts'

const nobody = parseAllowList([])

/** Networks that are never public, from the registries of IANA for special purpose addresses: first address, bits. */
const special4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['168.63.129.16', 32],
]

const numberOf = (dotted: string): number =>
  dotted.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const dotted = (value: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.')
const hextets = (value: number): string =>
  [Math.floor(value / 65_536), value % 65_536].map((part) => part.toString(16)).join(':')

const special = fc
  .constantFrom(...special4)
  .chain(([first, bits]) => fc.integer({ min: 0, max: 2 ** (32 - bits) - 1 }).map((n) => numberOf(first) + n))

/** The ways in which a URL may write an IPv4 address (https://url.spec.whatwg.org, IPv4 parser), and IPv6 around it. */
const forms: readonly ((value: number) => string)[] = [
  dotted,
  (n) => String(n),
  (n) => `0x${n.toString(16)}`,
  (n) => `0${n.toString(8)}`,
  (n) =>
    dotted(n)
      .split('.')
      .map((part) => `0x${Number(part).toString(16)}`)
      .join('.'),
  (n) =>
    dotted(n)
      .split('.')
      .map((part) => `0${Number(part).toString(8)}`)
      .join('.'),
  (n) => `${Math.floor(n / 2 ** 24)}.${n % 2 ** 24}`,
  (n) => `${Math.floor(n / 2 ** 24)}.${Math.floor(n / 65_536) % 256}.${n % 65_536}`,
  (n) => `${dotted(n)}.`,
  (n) => dotted(n).replaceAll('.', '%2e'),
  (n) => dotted(n).replaceAll('.', '。'),
  (n) => `[::ffff:${dotted(n)}]`,
  (n) => `[::ffff:${hextets(n)}]`,
  (n) => `[0:0:0:0:0:ffff:${hextets(n)}]`,
  (n) => `[::${dotted(n)}]`,
  (n) => `[64:ff9b::${dotted(n)}]`,
  (n) => `[::ffff:0:${dotted(n)}]`,
  (n) => `[2002:${hextets(n)}::1]`,
]

describe('an address that is not public', () => {
  it('is refused however a URL writes it', () => {
    fc.assert(
      fc.property(
        special,
        fc.constantFrom(...forms),
        fc.constantFrom('http', 'https'),
        (value, form, scheme) => {
          const url = `${scheme}://${form(value)}:8080/hook`
          expect(() => parseTarget(url, nobody), url).toThrow(/^Nothing is sent to/)
        },
      ),
      { seed: 6, numRuns: 2_000 },
    )
  })

  it('is refused as the answer of a look-up, alone or beside a public one', async () => {
    await fc.assert(
      fc.asyncProperty(special, fc.boolean(), fc.boolean(), async (value, mapped, beside) => {
        const bad = mapped
          ? { address: `::ffff:${dotted(value)}`, family: 6 }
          : { address: dotted(value), family: 4 }
        const found = beside ? [{ address: '8.8.8.8', family: 4 }, bad] : [bad]
        const resolving = resolveTarget('https://innocent.example/', nobody, async () => found)
        await expect(resolving).rejects.toMatchObject({ code: 'TARGET_REFUSED' })
      }),
      { seed: 6, numRuns: 500 },
    )
  })

  it.each([
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '100::1',
    '4000::1',
    'nonsense',
  ])('%s', (address) => {
    expect(refusalOf(address, nobody)).toBeDefined()
  })
})

it.each(['8.8.8.8', '172.32.0.1', '11.0.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
  '%s is public',
  (address) => {
    expect(refusalOf(address, nobody)).toBeUndefined()
  },
)

it('refuses what is no plain web address, and repeats no password', () => {
  for (const url of [
    '',
    'x',
    'ftp://a.example/',
    'file:///etc/passwd',
    'gopher://a.example',
    '//a.example',
  ]) {
    expect(() => parseTarget(url, nobody), url).toThrow(/^Nothing is sent to/)
  }
  const login = () => parseTarget('https://anna:geheim@cmms.example/', nobody)
  expect(login).toThrow('a user or password stands in it')
  expect(login).not.toThrow('geheim')
})

describe('what is allowed by name', () => {
  const allow = parseAllowList(['CMMS.plant', '10.1.0.0/16', '127.0.0.1', 'fd00:1::/32'])
  const inside = async () => [{ address: '192.168.7.7', family: 4 }]

  it('is a host, whatever it resolves to', async () => {
    const { address, url } = await resolveTarget('http://cmms.plant:81/a?b', allow, inside)
    expect([address, url.href]).toEqual(['192.168.7.7', 'http://cmms.plant:81/a?b'])
    await expect(resolveTarget('http://other.plant/', allow, inside)).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
    })
  })

  it('is an address or a network, and nothing beside it', () => {
    for (const good of ['10.1.2.3', '127.0.0.1', '::ffff:10.1.2.3', 'fd00:1::7']) {
      expect(refusalOf(good, allow), good).toBeUndefined()
    }
    for (const bad of ['10.2.0.1', '127.0.0.2', 'fd00:2::7', '::1']) {
      expect(refusalOf(bad, allow), bad).toBeDefined()
    }
  })

  it('is told as a mistake in the configuration where it is no network', () => {
    expect(() => parseAllowList(['10.1.0.0/40'])).toThrow('10.1.0.0/40 is no network')
  })
})
