import type { Sent, SentReading } from '../journal.ts'
import type { Plant } from '../plant.ts'
import type { Fault, Scene } from './fault.ts'

const hour = 3_600_000

/** Anybody who sends a reading of this time sends this value: repeated times in later rounds change nothing. */
const valueAt = (time: number): number => 1 + (time % 1000) / 1000

const topicOf = (device: string) => `forewarn/south/pump/${device}/telemetry`

interface Extra {
  readonly boot?: string
  readonly firstSeq?: number
}

/** One message with a reading at each of the times. */
function messageAt(device: string, times: readonly number[], extra: Extra = {}): Sent {
  const { boot, firstSeq = 0 } = extra
  const bodies = times.map((time, i) => ({
    time,
    seq: firstSeq + i,
    ...(boot !== undefined && { boot }),
    values: { vibration: valueAt(time), speed: 1500 },
  }))
  const readings: SentReading[] = times.map((time) => ({ device, time, vibration: valueAt(time) }))
  return {
    topic: topicOf(device),
    payload: JSON.stringify(bodies.length === 1 ? bodies[0] : bodies),
    readings,
  }
}

/** `count` times from `first` on, `stepMs` apart. */
const times = (first: number, count: number, stepMs: number): number[] =>
  Array.from({ length: count }, (_, i) => first + i * stepMs)

const singly = (device: string, at: readonly number[], extra: Extra = {}): Sent[] =>
  at.map((time, i) => messageAt(device, [time], { ...extra, firstSeq: (extra.firstSeq ?? 0) + i }))

/** Twenty thousand readings at once, in arrays of a hundred: more than a second of a whole plant. */
export const flood = (now: number): Sent[] =>
  Array.from({ length: 200 }, (_, i) => messageAt('D-flood', times(now - 30 * hour + i * 100, 100, 1)))

/** What no reading can be made of. */
export function unreadable(mark: string): Sent[] {
  const bad = (topic: string, payload: string): Sent => ({ topic, payload, readings: [], isUnreadable: true })
  return [
    bad(topicOf('D-bad'), `{"time": ${mark}, "val`),
    bad(topicOf('D-bad'), `{"time": "never ${mark}", "values": {"vibration": 1}}`),
    bad(`forewarn/south/press/D-bad/telemetry`, `{"time": ${mark}, "values": {"vibration": 1}}`),
    bad(`forewarn/${mark}`, ''),
  ]
}

type Run = Fault<Plant>['run']

const publishing =
  (messages: (now: number, scene: Scene<Plant>) => Sent[], perSecond?: number): Run =>
  async (scene) => {
    await scene.pause(0, 1_000)
    scene.publish(messages(Date.now(), scene), perSecond)
  }

const reboots = (now: number, { random }: Scene<Plant>): Sent[] => {
  const start = now - 40 * hour
  return [0, 1, 2].flatMap((boot) => {
    const extra = { boot: `boot-${now}-${boot}` }
    // its clock begins at 1970, until the network tells it the time
    const lost = singly('D-reboots', times(1_000 * boot + random.below(1_000), 2, 1_000_000), extra)
    return [
      ...lost,
      ...singly('D-reboots', times(start + boot * 120_000, 60, 1_000), { ...extra, firstSeq: 2 }),
    ]
  })
}

const repeats = (now: number): Sent[] => {
  const messages = singly('D-repeats', times(now - 50 * hour, 100, 1_000))
  const again = messages.map((message) => ({ ...message, repeated: true }))
  return [...messages, ...again, ...messages.toReversed(), ...messages]
}

export const deviceFaults: readonly Fault<Plant>[] = [
  {
    kind: 'device-reboots',
    about: 'a device starts three times: its counter and, for a moment, its clock begin anew',
    class: 'device',
    run: publishing(reboots, 400),
  },
  {
    kind: 'device-floods',
    about: 'a device sends 20,000 readings as fast as it can',
    class: 'device',
    run: publishing(flood),
  },
  {
    kind: 'device-repeats',
    about: 'a device sends the same messages four times, with DUP, backwards and once more',
    class: 'device',
    run: publishing(repeats, 400),
  },
  {
    kind: 'device-ahead',
    about: "a device's clock is an hour ahead",
    class: 'device',
    run: publishing((now) => singly('D-ahead', times(now + hour, 20, 1_000)), 40),
  },
  {
    kind: 'device-behind',
    about: "a device's clock is an hour behind, then right",
    class: 'device',
    run: publishing(
      (now) => singly('D-behind', [...times(now - 3 * hour, 40, 1_000), ...times(now - 2 * hour, 40, 1_000)]),
      100,
    ),
  },
]
