import { beforeAll, describe, expect, it } from 'vitest'
import type { AlarmState, DeviceAlarm } from '../../core/ports.ts'

export interface AlarmStateUnderTest {
  readonly alarms: AlarmState
  restart(): Promise<AlarmState>
}

const alarm = (device: string, changes: Partial<DeviceAlarm> = {}): DeviceAlarm => ({
  device,
  judgedUntil: 1_732_250_000_123,
  recent: [false, true, true],
  raised: false,
  mode: null,
  lastSent: 0,
  windows: [{ end: 1_732_250_000_123, failureProbability: 0.123456789012, mode: 'seal_leak' }],
  raisedAt: null,
  sinceSent: 0,
  ...changes,
})

/** What every alarm state must do; `make` is called once. */
export function alarmStateContract(name: string, make: () => Promise<AlarmStateUnderTest>): void {
  describe(`alarm state: ${name}`, () => {
    let test: AlarmStateUnderTest
    let alarms: AlarmState
    beforeAll(async () => {
      test = await make()
      alarms = test.alarms
    })

    it('starts empty, and saving nothing keeps it so', async () => {
      await alarms.save([])
      expect(await alarms.load()).toEqual(new Map())
    })

    it('gives back what was saved, to the last digit', async () => {
      const raised = alarm('a-2', { raised: true, mode: "o'ring", raisedAt: 5, lastSent: 7, sinceSent: 3 })
      await alarms.save([alarm('a-1'), raised])
      expect(await alarms.load()).toEqual(
        new Map([
          ['a-1', alarm('a-1')],
          ['a-2', raised],
        ]),
      )
    })

    it('gives one device, and none for one that was never judged', async () => {
      expect(await alarms.of('a-1')).toEqual(alarm('a-1'))
      expect(await alarms.of('nobody')).toBeUndefined()
    })

    it('says which of some devices have an alarm that stands', async () => {
      expect(await alarms.standing(['a-1', 'a-2', 'nobody'])).toEqual(new Set(['a-2']))
      expect(await alarms.standing([])).toEqual(new Set())
    })

    it('replaces the state of a device; within one call the later one counts', async () => {
      await alarms.save([alarm('a-1', { judgedUntil: 1 }), alarm('a-1', { judgedUntil: 2, recent: [] })])
      expect((await alarms.load()).get('a-1')).toEqual(alarm('a-1', { judgedUntil: 2, recent: [] }))
    })

    it('saves ten thousand devices at once and keeps them over a restart', async () => {
      await alarms.save(Array.from({ length: 10_000 }, (_, i) => alarm(`many-${i}`, { judgedUntil: i })))
      const kept = await alarms.load()
      expect(kept.size).toBe(10_002)
      alarms = await test.restart()
      expect(await alarms.load()).toEqual(kept)
    })
  })
}
