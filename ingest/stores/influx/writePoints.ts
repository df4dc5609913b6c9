import type { RefusedReading } from '../../../core/ports.ts'
import { WriteRefused } from './answers.ts'
import type { InfluxClient } from './client.ts'
import type { Flavour } from './flavour.ts'
import { LineBuffer } from './lineBuffer.ts'
import type { Point } from './lines.ts'
import { judge, type Refusal, refusedReading, refusedValues, type Verdict } from './refusals.ts'

/**
 * Lines in one request. 5,000 is measured best, 127-196 thousand six-field lines a second. 3 answers once it has flushed
 * its log, which it does every second, so that there a request takes a whole slice.
 * https://docs.influxdata.com/influxdb3/core/write-data/http-api/v3-write-lp/#write-responses
 */
const pointsPerRequest: Readonly<Record<Flavour, number>> = { v1: 5_000, v2: 5_000, v3: 20_000 }

interface Writer extends Pick<InfluxClient, 'server'> {
  write(lines: string): Promise<void>
}

/** Where the points of one asset type go, and how. */
interface Target {
  readonly client: Writer
  readonly channels: readonly string[]
  readonly lines: LineBuffer
}

/** Requests under way at once: while InfluxDB stores one, the next is put together. */
const inFlight = 2

/**
 * Writes points of one asset type, one an identity, so that the order of requests does not matter; returns what InfluxDB
 * refuses for good. Throws STORE_UNAVAILABLE, STORE_MISCONFIGURED once nothing is under way any more.
 */
export async function writePoints(
  client: Writer,
  channels: readonly string[],
  points: readonly Point[],
): Promise<RefusedReading[]> {
  const target = { client, channels, lines: new LineBuffer(channels) }
  const most = pointsPerRequest[(await client.server()).flavour]
  const requests = Math.ceil(points.length / most)
  const refused: RefusedReading[][] = []
  let next = 0
  let hasFailed = false
  const lane = async () => {
    while (next < requests && !hasFailed) {
      const request = next++
      const some = points.slice(request * most, (request + 1) * most)
      try {
        refused[request] = await new Batch(target, some).write()
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: inFlight }, lane))
  for (const { reason } of lanes.filter((one) => one.status === 'rejected')) throw reason
  return refused.flat()
}

/**
 * One request, and further ones until everything is stored or known to be refused. A reading counts as stored only once
 * a request with it was taken whole (or 3 named all that it did not take): 1.x and 2.x tell one reason of several, and
 * what they cannot parse is silently left out behind a type conflict or a retention drop.
 */
class Batch {
  private readonly target: Target
  /** What is not yet refused. */
  private left: readonly Point[]
  /** Fields that exist with another type, with what InfluxDB said about them. */
  private readonly stripped: Map<string, string>
  private readonly refused: Refusal[] = []

  constructor(target: Target, points: readonly Point[], stripped: ReadonlyMap<string, string> = new Map()) {
    this.target = target
    this.left = points
    this.stripped = new Map(stripped)
  }

  async write(): Promise<RefusedReading[]> {
    for (;;) {
      const { sent, body } = linesOf(this.target, this.left, this.stripped)
      const error = sent.length > 0 ? await attempt(this.target.client, body) : undefined
      if (!error) return this.result()
      const verdict = judge(error, sent, this.target.channels, this.stripped)
      if (verdict.kind === 'split' && sent.length > 1) return this.split()
      if (this.follow(verdict, sent)) return this.result()
    }
  }

  /** True where nothing is left to be sent again. */
  private follow(verdict: Verdict, sent: readonly Point[]): boolean {
    if (verdict.kind === 'split') this.drop([{ ...verdict, point: sent[0]! }])
    else this.drop(verdict.bad)
    if (verdict.kind === 'strip')
      for (const [field, detail] of verdict.fields) this.stripped.set(field, detail)
    return verdict.kind === 'drop' && verdict.restIsStored
  }

  private drop(bad: readonly Refusal[]): void {
    const dropped = new Set(bad.map(({ point }) => point))
    this.left = this.left.filter((point) => !dropped.has(point))
    this.refused.push(...bad)
  }

  private async split(): Promise<RefusedReading[]> {
    const middle = Math.ceil(this.left.length / 2)
    const refused = this.refused.map(refusedReading)
    for (const half of [this.left.slice(0, middle), this.left.slice(middle)]) {
      refused.push(...(await new Batch(this.target, half, this.stripped).write()))
    }
    return refused
  }

  private result(): RefusedReading[] {
    const refused = this.refused.map(refusedReading)
    if (this.stripped.size === 0) return refused
    return [
      ...refused,
      ...this.left.flatMap((point) => refusedValues(point, this.target.channels, this.stripped)),
    ]
  }
}

/** The lines to send, and their points; a point without any other field than stripped ones has no line. */
function linesOf(
  { channels, lines }: Target,
  points: readonly Point[],
  stripped: ReadonlyMap<string, string>,
): { sent: Point[]; body: string } {
  const without = channels.map((name) => stripped.has(name))
  const sent = points.filter((point) => lines.add(point, without))
  return { sent, body: lines.take() }
}

async function attempt(client: Writer, lines: string): Promise<WriteRefused | undefined> {
  try {
    await client.write(lines)
    return undefined
  } catch (error) {
    if (error instanceof WriteRefused) return error
    throw error
  }
}
