import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ForewarnError } from '../../../core/errors.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import { type BadLine, WriteRefused } from './answers.ts'
import type { Point } from './lines.ts'
import { writePoints } from './writePoints.ts'

/*
 * A server that refuses lines as each flavour documents it:
 * 1.x as measured on 1.6.7; 2.x https://docs.influxdata.com/influxdb/v2/write-data/troubleshoot/;
 * 3 https://docs.influxdata.com/influxdb3/core/write-data/troubleshoot/ (a hundred named lines at the most).
 */

const channels = ['force', 'heat']
const edge = 1_000
const unreadable = 'broken'

type Kind = 'good' | 'broken' | 'old'
interface Spec {
  readonly kind: Kind
  readonly force: boolean
  readonly heat: boolean
}

/** Each of its own device, so that everything about it can be told from its line. */
function pointsOf(specs: readonly Spec[]): Point[] {
  const value = (present: boolean, i: number) => (present ? i : Number.NaN)
  const time = specs.map(({ kind }, i) => (kind === 'old' ? i - 10_000 : edge + i))
  const batch: ReadingBatch = {
    assetType: 'press',
    length: specs.length,
    device: specs.map(({ kind }, i) => (kind === 'broken' ? `${unreadable}-${i}` : `d-${i}`)),
    site: specs.map(() => 'hall'),
    time: Float64Array.from(time),
    receivedAt: Float64Array.from(time),
    publishedAt: new Float64Array(specs.length),
    seq: new Float64Array(specs.length),
    channels: [
      Float64Array.from(specs, (spec, i) => value(spec.force, i)),
      Float64Array.from(specs, (spec, i) => value(spec.heat, i)),
    ],
  }
  return specs.map((_, row) => ({ batch, row, time: batch.time[row]! }))
}

interface Line {
  readonly device: string
  readonly text: string
  readonly broken: boolean
  readonly old: boolean
  readonly conflict: boolean
}

const lineOf = (text: string, conflicting: string): Line => ({
  text,
  device: /device=([^,]+)/.exec(text)![1]!,
  broken: text.includes(unreadable),
  old: Number(text.split(' ').at(-1)) < edge,
  conflict: text.includes(`${conflicting}=`),
})

class FakeInflux {
  readonly stored = new Map<string, string>()
  requests = 0

  constructor(
    private readonly flavour: 'v1' | 'v2' | 'v3',
    private readonly conflicting: string,
    private readonly mostLines = Number.POSITIVE_INFINITY,
  ) {}

  async server() {
    return { flavour: this.flavour, version: '' }
  }

  async write(body: string): Promise<void> {
    const texts = body.split('\n')
    this.requests++
    if (texts.length > this.mostLines) throw new WriteRefused(413, 'Request Entity Too Large')
    const lines = texts.map((text) => lineOf(text, this.conflicting))
    if (this.flavour === 'v3') this.writeV3(lines)
    else this.writeV1(lines)
  }

  private writeV1(lines: readonly Line[]): void {
    const status = this.flavour === 'v1' ? 400 : 422
    const wrap = this.flavour === 'v1' ? '' : 'failure writing points to database: '
    const broken = lines.filter((line) => line.broken)
    const words = broken.map(({ text }) => `unable to parse '${text}': missing field value`).join('\n')
    // 2.x rejects the whole request, 1.x only where nothing is left.
    if (broken.length > 0 && (this.flavour === 'v2' || broken.length === lines.length))
      throw new WriteRefused(400, words)
    const whole = lines.filter((line) => !line.broken)
    this.store(whole.filter((line) => !line.old && !line.conflict))
    const conflicts = whole.filter((line) => line.conflict && !line.old)
    if (conflicts.length > 0) {
      const said = `field type conflict: input field "${this.conflicting}" on measurement "press" is type float`
      throw new WriteRefused(status, `${wrap}partial write: ${said} dropped=${conflicts.length}`)
    }
    const old = whole.filter((line) => line.old).length
    const said = this.flavour === 'v1' ? 'points beyond' : `dropped ${old} points outside`
    if (old > 0)
      throw new WriteRefused(status, `${wrap}partial write: ${said} retention policy dropped=${old}`)
    if (broken.length > 0) throw new WriteRefused(400, `partial write: ${words} dropped=0`)
  }

  private writeV3(lines: readonly Line[]): void {
    const bad: BadLine[] = lines.flatMap((line, i) => {
      const message = line.broken
        ? 'A generic parsing error occurred: TakeWhile1'
        : `invalid column type for column '${this.conflicting}', expected string, got float`
      return line.broken || line.conflict ? [{ number: i + 1, message }] : []
    })
    this.store(lines.filter((line) => !line.broken && !line.conflict))
    if (bad.length > 0)
      throw new WriteRefused(400, 'partial write of line protocol occurred', bad.slice(0, 100))
  }

  private store(lines: readonly Line[]): void {
    for (const { device, text } of lines) this.stored.set(device, text)
  }
}

const spec = fc.record({
  kind: fc.constantFrom<Kind>('good', 'good', 'good', 'broken', 'old'),
  force: fc.constant(true),
  heat: fc.boolean(),
})

describe.each(['v1', 'v2', 'v3'] as const)('writing to %s', (flavour) => {
  it('stores what is good, and gives back what is not with its reason, whatever comes together', async () => {
    const setup = fc.record({
      specs: fc.array(spec, { minLength: 1, maxLength: 60 }),
      conflicting: fc.constantFrom('heat', 'force', 'none'),
      mostLines: fc.constantFrom(1, 7, Number.POSITIVE_INFINITY),
    })
    await fc.assert(
      fc.asyncProperty(setup, async ({ specs, conflicting, mostLines }) => {
        const influx = new FakeInflux(flavour, conflicting, mostLines)
        const points = pointsOf(specs)
        const refused = await writePoints(influx, channels, points)
        const whole = new Map(refused.filter((one) => !one.partial).map((one) => [one.reading.device, one]))
        const partial = new Map(refused.filter((one) => one.partial).map((one) => [one.reading.device, one]))
        expect(whole.size + partial.size).toBe(refused.length)
        for (const [i, { batch, row }] of points.entries()) {
          const device = batch.device[row]!
          const { kind, heat } = specs[i]!
          const lost = conflicting === 'heat' ? heat : conflicting === 'force'
          const nothingLeft = lost && conflicting === 'force' && !heat
          const outcome = whole.get(device)?.reason ?? (influx.stored.has(device) ? 'stored' : 'vanished')
          expect(possible(flavour, kind, nothingLeft)).toContain(outcome)
          expect(partial.has(device)).toBe(outcome === 'stored' && lost)
          if (partial.has(device)) expect(partial.get(device)!.reason).toBe('store_type_conflict')
        }
      }),
      { numRuns: 200 },
    )
  })

  it('needs one request where nothing is refused, two where one field is in conflict', async () => {
    const specs = Array.from({ length: 100 }, (): Spec => ({ kind: 'good', force: true, heat: true }))
    const none = new FakeInflux(flavour, 'none')
    await writePoints(none, channels, pointsOf(specs))
    const heat = new FakeInflux(flavour, 'heat')
    await writePoints(heat, channels, pointsOf(specs))
    expect([none.requests, heat.requests]).toEqual([1, 2])
  })
})

/**
 * 3 keeps what is too old, hides it from queries and removes it later. Of two reasons either may come first; a line
 * without a field left is never stored.
 */
function possible(flavour: string, kind: Kind, nothingLeft: boolean): string[] {
  const reasons = [
    ...(nothingLeft ? ['store_type_conflict'] : []),
    ...(kind === 'broken' ? ['store_unparsable'] : []),
    ...(kind === 'old' && flavour !== 'v3' ? ['store_beyond_retention'] : []),
  ]
  return reasons.length > 0 ? reasons : ['stored']
}

it.each([
  ['v1', 4],
  ['v2', 4],
  ['v3', 1],
] as const)('a slice of 16,384 readings takes %s %i requests', async (flavour, requests) => {
  const influx = new FakeInflux(flavour, 'none')
  const specs = Array.from({ length: 16_384 }, (): Spec => ({ kind: 'good', force: true, heat: true }))
  await writePoints(influx, channels, pointsOf(specs))
  expect(influx.requests).toBe(requests)
})

it('throws what a request failed with once none is under way any more, and sends no further one', async () => {
  const specs = Array.from({ length: 20_000 }, (): Spec => ({ kind: 'good', force: true, heat: true }))
  let underWay = 0
  let requests = 0
  const write = async () => {
    const isFirst = ++requests === 1
    underWay++
    await new Promise((resolve) => setTimeout(resolve, isFirst ? 1 : 30))
    underWay--
    if (isFirst) throw new ForewarnError('STORE_UNAVAILABLE', { problem: 'gone' })
  }
  const server = async () => ({ flavour: 'v1' as const, version: '' })
  await expect(writePoints({ write, server }, channels, pointsOf(specs))).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
  })
  expect([underWay, requests]).toEqual([0, 2])
})

describe('lines that 3 names', () => {
  const points = (n: number, bad: (i: number) => boolean) =>
    pointsOf(
      Array.from(
        { length: n },
        (_, i): Spec => ({ kind: bad(i) ? 'broken' : 'good', force: true, heat: true }),
      ),
    )

  it('are refused, exactly those, without another request', async () => {
    const influx = new FakeInflux('v3', 'none')
    const refused = await writePoints(
      influx,
      channels,
      points(500, (i) => i === 3 || i === 77),
    )
    expect(refused.map(({ reading }) => reading.device)).toEqual(['broken-3', 'broken-77'])
    expect(influx.requests).toBe(1)
  })

  it('may be the first of more than a hundred: the rest is sent again until all are named', async () => {
    const influx = new FakeInflux('v3', 'none')
    const refused = await writePoints(
      influx,
      channels,
      points(500, (i) => i % 2 === 0),
    )
    expect(refused).toHaveLength(250)
    expect(influx.stored.size).toBe(250)
    expect(influx.requests).toBe(3)
  })
})

describe('a reading of its own kind', () => {
  const one = pointsOf([{ kind: 'good', force: true, heat: true }])
  const refusingWith = (status: number, message: string) => ({
    server: async () => ({ flavour: 'v1', version: '' }) as const,
    write: () => Promise.reject(new WriteRefused(status, message)),
  })
  const refusedWith = async (status: number, message: string) => {
    const influx = refusingWith(status, message)
    return (await writePoints(influx, channels, one)).map(({ reason }) => reason)
  }

  it.each([
    [413, 'Request Entity Too Large', 'store_too_large'],
    [400, 'partial write: max-values-per-tag limit exceeded (100/100) dropped=1', 'store_refused'],
    [400, "unable to parse 'x': max key length exceeded: 66000 > 65535", 'store_unparsable'],
    // https://docs.influxdata.com/influxdb/v2/write-data/troubleshoot/: where it is the upper bound, the oldest are fine
    [
      422,
      'partial write: dropped 1 points outside retention policy - newest point x dropped because it violates a Retention Policy Upper Bound dropped=1',
      'store_beyond_retention',
    ],
  ])('%i %s', async (status, message, reason) => {
    expect(await refusedWith(status, message)).toEqual([reason])
  })

  it('stops where a field is in conflict that no reading can do without', async () => {
    for (const message of [
      'field type conflict: input field "received_at" on measurement "press" is type float',
      "invalid column type for column 'device', expected field, got tag",
    ]) {
      await expect(refusedWith(400, message)).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' })
    }
  })

  it('is told about in few words, however long the line was', async () => {
    const influx = refusingWith(400, `unable to parse '${'x'.repeat(70_000)}'`)
    const [refused] = await writePoints(influx, channels, one)
    expect(refused!.detail.length).toBeLessThan(600)
  })
})
