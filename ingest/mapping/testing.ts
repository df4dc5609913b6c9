import { ManualClock } from '../../core/clock.ts'
import { catalogue, memoryLog, now } from '../broker/testing.ts'
import { createIntake, type Intake } from '../intake.ts'
import type { OpenLog } from '../log/log.ts'
import { createMapper } from '../mapper.ts'
import type { Mapper } from './mapped.ts'
import { type MappingState, memoryState } from './state.ts'

/* A mapping and the way in behind it, as the tests of this folder and of Sparkplug use them. */

export { catalogue, now }

export const mapperOf = (mapping: unknown, state: MappingState = memoryState()): Mapper =>
  createMapper(mapping, 'mapping.yaml', catalogue, state)

export interface MappedWayIn {
  readonly intake: Intake
  readonly log: OpenLog
  readonly clock: ManualClock
  readonly published: { topic: string; payload: Uint8Array }[]
  readonly statuses: string[]
  send(topic: string, payload: unknown): Promise<void>
  /** What was stored: device, time relative to `now`, and the values that it has, in order of arrival. */
  stored(): [device: string, time: number, values: Record<string, number>][]
  letters(): Promise<{ reason: string; detail: string; readings: number }[]>
}

export function openMapped(
  mapping: unknown,
  { state = memoryState(), log = memoryLog() }: { state?: MappingState; log?: OpenLog } = {},
): MappedWayIn {
  const clock = new ManualClock(now)
  const published: { topic: string; payload: Uint8Array }[] = []
  const statuses: string[] = []
  const intake = createIntake({
    catalogue,
    log,
    clock,
    config: { maxPastDays: 30, maxFutureMs: 60_000, maxPayloadBytes: 100_000 },
    onNewDevices: () => {},
    onLifeEvent: () => {},
    onStatus: ({ device }, payload) => statuses.push(`${device} ${Buffer.from(payload)}`),
    mapping: {
      mapper: mapperOf(mapping, state),
      state,
      publish: async (topic, payload) => void published.push({ topic, payload }),
    },
  })
  return {
    intake,
    log,
    clock,
    published,
    statuses,
    send: (topic, payload) => intake.message(topic, bytesOf(payload)),
    stored: () => storedIn(log),
    letters: async () =>
      (await log.deadLetters.list()).map(({ reason, detail, readings }) => ({ reason, detail, readings })),
  }
}

function bytesOf(payload: unknown): Uint8Array {
  if (payload instanceof Uint8Array) return payload
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
}

function storedIn(log: OpenLog): ReturnType<MappedWayIn['stored']> {
  const found: ReturnType<MappedWayIn['stored']> = []
  for (let slice = log.read(0, 1e6); slice; slice = log.read(slice.position, 1e6)) {
    for (const { assetType, device, time, channels, length } of slice.batches) {
      const names = catalogue.get(assetType)!.channels.map(({ name }) => name)
      for (let i = 0; i < length; i++) {
        const values = names.map((name, c) => [name, channels[c]![i]!] as const)
        const given = values.filter(([, value]) => !Number.isNaN(value))
        found.push([device[i]!, time[i]! - now, Object.fromEntries(given)])
      }
    }
  }
  return found
}
