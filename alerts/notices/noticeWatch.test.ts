import { expect, it } from 'vitest'
import type { NoticeOf, Notices } from '../../core/ports.ts'
import type { NotScoredReason } from '../../core/score.ts'
import { catalogue, minute, now, pump } from '../http/testing/fixtures.ts'
import { NoticeWatch, type Watched } from './noticeWatch.ts'

const hour = 60 * minute

/** A watch with an hour's patience, and what it wrote, such as `+pump-1 gap` and `-pump-1`. */
function watching(open: readonly string[] = []) {
  const wrote: string[] = []
  let away = false
  const notices: Notices = {
    async open(devices: readonly NoticeOf[]) {
      if (away) throw new Error('the database is away')
      wrote.push(...devices.map(({ device, reason }) => `+${device} ${reason}`))
    },
    async close(devices) {
      wrote.push(...devices.map((device) => `-${device}`))
    },
    list: async () =>
      open.map((device) => ({
        id: 1,
        device,
        site: 'north',
        assetType: 'pump',
        reason: 'gap' as const,
        openedAt: now,
        closedAt: null,
      })),
  }
  const watch = new NoticeWatch({ notices, catalogue, afterMs: hour })
  const setAway = (is: boolean) => {
    away = is
  }
  return { watch, wrote, setAway }
}

const place = (device: string) => ({ device, site: 'north', assetType: 'pump' })
const unscored = (since: number, reason: NotScoredReason = 'gap', device = 'pump-1'): Watched => ({
  ...place(device),
  state: { state: 'not_scored', reason, since },
})
const scored = (windowEnd: number, device = 'pump-1'): Watched => ({
  ...place(device),
  state: { state: 'scored', windowEnd },
})

it('opens once the patience is over by the clock, and closes when it is scored', async () => {
  const { watch, wrote } = watching()
  for (const minutes of [0, 59, 60, 61, 62]) await watch.look([unscored(now)], minutes * minute)
  expect(wrote).toEqual(['+pump-1 gap'])
  await watch.look([scored(now)], 63 * minute)
  await watch.look([scored(now)], 64 * minute)
  expect(wrote).toEqual(['+pump-1 gap', '-pump-1'])
  await watch.look([unscored(now)], 65 * minute)
  expect(wrote).toHaveLength(2)
})

it('counts by the event time of its kind, too: a replay runs faster than the clock', async () => {
  const { watch, wrote } = watching()
  await watch.look([unscored(now), scored(now + hour, 'pump-2')], 0)
  expect(wrote).toEqual([])
  await watch.look([unscored(now), scored(now + hour + 1, 'pump-2')], 1)
  expect(wrote).toEqual(['+pump-1 gap'])
})

it('counts from the first reason on, and tells the newest', async () => {
  const { watch, wrote } = watching()
  await watch.look([unscored(now, 'gap')], 0)
  await watch.look([unscored(now + 50 * minute, 'silent')], 61 * minute)
  await watch.look([unscored(now + 70 * minute, 'stuck_channel')], 70 * minute)
  expect(wrote).toEqual(['+pump-1 silent', '+pump-1 stuck_channel'])
})

it('gives a new device the time that its first window needs', async () => {
  const { watch, wrote } = watching()
  const slow = { ...pump, name: 'slow', window: { ...pump.window, length: 72, minimum: 24 } }
  const patient = new NoticeWatch({
    notices: {
      open: async (d) => void wrote.push(`${d.length}`),
      close: async () => {},
      list: async () => [],
    },
    catalogue: new Map([['pump', slow]]),
    afterMs: hour,
  })
  await watch.look([], 0)
  for (const minutes of [0, 61, 240, 261])
    await patient.look([unscored(now, 'too_little_history')], minutes * minute)
  expect(wrote).toEqual(['0', '0', '0', '1'])
})

it('goes on with the notices from before a restart', async () => {
  const { watch, wrote } = watching(['pump-1', 'pump-2'])
  await watch.load()
  await watch.look([unscored(now), scored(now, 'pump-2')], 0)
  await watch.look([unscored(now)], 2 * hour)
  expect(wrote).toEqual(['-pump-2'])
})

it('writes with the next look what could not be written', async () => {
  const { watch, wrote, setAway } = watching()
  await watch.look([unscored(now)], 0)
  setAway(true)
  await expect(watch.look([unscored(now)], 61 * minute)).rejects.toThrow('away')
  setAway(false)
  await watch.look([unscored(now)], 62 * minute)
  expect(wrote).toEqual(['+pump-1 gap'])
})
