import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import type { AlarmState, DeviceAlarm } from '../../core/ports.ts'
import type { Score } from '../../core/score.ts'
import type { Prediction } from '../../core/ticket.ts'
import { catalogue, makeScore, now, pump } from '../http/testing/fixtures.ts'
import { createJudge } from './judge.ts'

const settings = { raiseAt: 0.5, clearBelow: 0.25, k: 2, n: 3 }

/** What outlives a restart: the queue and the alarm state, each of which can be made to fail once. */
class Outside {
  readonly order: string[] = []
  readonly queued: Prediction[] = []
  private readonly kept = new Map<string, string>()
  failQueue = 0
  failSave = 0

  readonly queue = {
    add: async (prediction: Prediction) => {
      if (this.failQueue-- > 0) throw new Error('the queue is away')
      this.order.push('enqueue')
      this.queued.push(prediction)
    },
  }

  readonly alarms: AlarmState = {
    load: async () => new Map([...this.kept].map(([d, json]) => [d, JSON.parse(json) as DeviceAlarm])),
    of: async (device) => {
      const json = this.kept.get(device)
      return json === undefined ? undefined : (JSON.parse(json) as DeviceAlarm)
    },
    standing: async (devices) =>
      new Set(devices.filter((d) => (JSON.parse(this.kept.get(d) ?? '{}') as DeviceAlarm).raised)),
    save: async (alarms) => {
      if (this.failSave-- > 0) throw new Error('the disk is full')
      this.order.push('save')
      for (const alarm of alarms) this.kept.set(alarm.device, JSON.stringify(alarm))
    },
  }

  /** A process that starts. */
  async start(clock = new ManualClock(now)) {
    const judge = createJudge({ ...this, settings, catalogue, clock })
    await judge.load()
    return judge
  }
}

const at = (slot: number): number => now - 1000 * pump.cadenceMs + slot * pump.cadenceMs

const score = (slot: number, failureProbability: number, changes: Partial<Score> = {}): Score =>
  makeScore({ windowEnd: at(slot), failureProbability, ...changes })

const kinds = (decisions: readonly { kind: string }[]) => decisions.map((d) => d.kind).join(' ')

describe('judge', () => {
  it('enqueues first, saves then: a crash between the two only repeats', async () => {
    const outside = new Outside()
    const judge = await outside.start()
    expect(kinds(await judge.judge([score(1, 0.9), score(2, 0.9)]))).toBe('hold raise')
    expect(outside.order).toEqual(['enqueue', 'save'])
  })

  it('remembers nothing when the queue is away, and raises when the scores come again', async () => {
    const outside = new Outside()
    const judge = await outside.start()
    outside.failQueue = 1
    const scores = [score(1, 0.9), score(2, 0.9)]
    await expect(judge.judge(scores)).rejects.toThrow('the queue is away')
    expect(judge.alarm('pump-1')).toBeUndefined()
    expect(kinds(await judge.judge(scores))).toBe('hold raise')
    expect(outside.queued).toHaveLength(1)
  })

  it('sends the same prediction again when it crashed before the alarm was saved', async () => {
    const outside = new Outside()
    outside.failSave = 1
    const scores = [score(1, 0.9), score(2, 0.9)]
    await expect((await outside.start()).judge(scores)).rejects.toThrow('the disk is full')
    const restarted = await outside.start()
    expect(kinds(await restarted.judge(scores))).toBe('hold raise')
    expect(outside.queued).toHaveLength(2)
    expect(outside.queued[1]).toEqual(outside.queued[0])
  })

  it('goes on in the middle after a restart: one window before, one after', async () => {
    const outside = new Outside()
    await (await outside.start()).judge([score(1, 0.9)])
    const restarted = await outside.start()
    expect(kinds(await restarted.judge([score(2, 0.9)]))).toBe('raise')
    const again = await outside.start()
    expect(kinds(await again.judge([score(1, 0.9), score(2, 0.9), score(3, 0.9)]))).toBe('hold hold hold')
    expect(outside.queued).toHaveLength(1)
  })

  it('judges batches that come at once one after the other', async () => {
    const outside = new Outside()
    const judge = await outside.start()
    const both = await Promise.all([judge.judge([score(1, 0.9)]), judge.judge([score(2, 0.9)])])
    expect(kinds(both.flat())).toBe('hold raise')
  })

  it('keeps devices apart', async () => {
    const outside = new Outside()
    const judge = await outside.start()
    const other = { device: 'pump-2' }
    const decisions = await judge.judge([score(1, 0.9), score(1, 0.9, other), score(2, 0.9, other)])
    expect(kinds(decisions)).toBe('hold hold raise')
    expect(outside.queued[0]!.device).toBe('pump-2')
    expect([...judge.alarms().keys()]).toEqual(['pump-1', 'pump-2'])
  })

  it('holds scores of an asset type that left the catalogue', async () => {
    const outside = new Outside()
    const [decision] = await (await outside.start()).judge([score(1, 0.9, { assetType: 'gone' })])
    expect(decision).toEqual({ kind: 'hold', reason: 'unknown_asset_type' })
    expect(outside.order).toEqual([])
  })

  it('saves nothing when nothing was new', async () => {
    const outside = new Outside()
    const judge = await outside.start()
    await judge.judge([score(1, 0.1)])
    await judge.judge([score(1, 0.1)])
    await judge.judge([])
    expect(outside.order).toEqual(['save'])
  })
})

describe('life events', () => {
  it('a repair ends the alarm for good: also after a restart', async () => {
    const outside = new Outside()
    const judge = await outside.start()
    await judge.judge([score(1, 0.9), score(2, 0.9)])
    await judge.event({ device: 'pump-1', kind: 'repaired', time: at(4) })
    expect(judge.alarm('pump-1')).toMatchObject({ raised: false, recent: [] })
    const restarted = await outside.start()
    const slots = [3, 4, 5, 6, 7, 8, 9]
    const decisions = await restarted.judge(slots.map((slot) => score(slot, 0.9)))
    // A window has four rows: the one that ends at slot 8 is the first without one from before the repair.
    expect(decisions.map((d) => d.reason)).toEqual([
      'already_judged',
      'already_judged',
      're_baselining',
      're_baselining',
      're_baselining',
      'not_persistent',
      'persistent',
    ])
  })

  it('counts before the first score as well: what was measured before the repair raises nothing', async () => {
    const outside = new Outside()
    const judge = await outside.start()
    await judge.event({ device: 'pump-1', kind: 'replaced', time: at(2) })
    expect(kinds(await judge.judge([score(1, 0.9), score(2, 0.9)]))).toBe('hold hold')
  })

  it('a failure or a planned stop ends no alarm', async () => {
    const judge = await new Outside().start()
    await judge.judge([score(1, 0.9), score(2, 0.9)])
    await judge.event({ device: 'pump-1', kind: 'failed', time: at(3) })
    await judge.event({ device: 'pump-1', kind: 'planned_stop', time: at(3) })
    expect(judge.alarm('pump-1')!.raised).toBe(true)
  })

  it('dated ahead counts from now: it silences no machine until then', async () => {
    const judge = await new Outside().start(new ManualClock(now))
    await judge.event({ device: 'pump-1', kind: 'repaired', time: now + 86_400_000 })
    const after = [4, 5].map((slots) =>
      makeScore({ windowEnd: now + slots * pump.cadenceMs, failureProbability: 0.9 }),
    )
    expect(kinds(await judge.judge(after))).toBe('hold raise')
  })
})

describe('the same scores bring the same decisions', () => {
  const devices = ['pump-1', 'pump-2']
  /** One device's window: how long after the one before, how alarming, which mode. */
  const window = fc.record({
    device: fc.constantFrom(...devices),
    gap: fc.integer({ min: 1, max: 20 }),
    probability: fc.constantFrom(0.05, 0.2, 0.3, 0.6, 0.9),
    mode: fc.constantFrom('bearing_wear', 'cavitation', 'unknown'),
  })
  const sequence = fc.array(window, { maxLength: 60 }).map((windows) => {
    const slots = new Map(devices.map((d) => [d, 0]))
    return windows.map(({ device, gap, probability, mode }) => {
      const slot = slots.get(device)! + gap
      slots.set(device, slot)
      return score(slot, probability, { device, suspectedMode: mode })
    })
  })
  /** How a sequence reaches the judge: cut into batches, with trouble between them. */
  const trouble = fc.record({
    size: fc.integer({ min: 1, max: 9 }),
    restart: fc.boolean(),
    crash: fc.constantFrom('none', 'queue', 'save'),
    redeliver: fc.integer({ min: 0, max: 5 }),
  })

  async function inOneGo(scores: readonly Score[]) {
    const outside = new Outside()
    await (await outside.start()).judge(scores)
    return { outside, alarms: await outside.alarms.load() }
  }

  async function withTrouble(
    scores: readonly Score[],
    troubles: readonly (typeof trouble extends fc.Arbitrary<infer T> ? T : never)[],
  ) {
    const outside = new Outside()
    let judge = await outside.start()
    let done = 0
    for (let turn = 0; done < scores.length; turn++) {
      const { size, restart, crash, redeliver } = troubles[turn % troubles.length]!
      const batch = scores.slice(Math.max(0, done - redeliver), done + size)
      outside.failQueue = Number(crash === 'queue')
      outside.failSave = Number(crash === 'save')
      const survived = await judge.judge(batch).then(
        () => true,
        () => false,
      )
      outside.failQueue = 0
      outside.failSave = 0
      if (restart || !survived) judge = await outside.start()
      if (!survived) await judge.judge(batch)
      done += size
    }
    return { outside, alarms: await outside.alarms.load() }
  }

  it('in one go or in any batches, with redelivery, crashes and restarts between', async () => {
    await fc.assert(
      fc.asyncProperty(
        sequence,
        fc.array(trouble, { minLength: 1, maxLength: 5 }),
        async (scores, troubles) => {
          const plain = await inOneGo(scores)
          const rough = await withTrouble(scores, troubles)
          expect(rough.alarms).toEqual(plain.alarms)
          // The first time each id was sent, in order: what the queue and the ticket make of it.
          const sent = [...new Map(rough.outside.queued.map((p) => [p.id, p])).values()]
          expect(sent).toEqual(plain.outside.queued)
        },
      ),
      { numRuns: 150 },
    )
  })
})
