import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import type { Summary } from '../../alerts/http/schemas/index.ts'
import { type Journey, startJourney } from '../../app/journey.ts'
import { defaultFolders } from '../../app/paths.ts'
import { parseConfig } from '../../core/config.ts'
import type { DeadLetterReason } from '../../core/reading.ts'
import type { Ticket } from '../../core/ticket.ts'
import { until } from '../support/forewarnProcess.ts'
import { LoadPublisher, type Message } from '../support/loadPublisher.ts'
import { interleave, type PumpScript, pumpMessages } from '../support/pumpMessages.ts'
import {
  payloadOf,
  playStep,
  type ScriptedMessage,
  type Step,
  StepClock,
  type StoredDevices,
  storedReadings,
} from './steps.ts'

/** scenario.json: what goes in. */
export interface Scenario {
  readonly story: string
  readonly config?: Record<string, unknown>
  readonly pumps?: readonly (PumpScript & Disturbance)[]
  /** Messages sent as they stand, after the pumps' own. */
  readonly messages?: readonly ScriptedMessage[]
  /** A mapping file of catalogue/mappings. */
  readonly mapping?: string
  /** Steps one after the other, after everything else, and the readings in them: what a message means is the mapping's. */
  readonly steps?: readonly Step[]
  readonly readings?: number
}

interface Disturbance {
  /** Rows that never arrive: [first, last]. */
  readonly missing?: readonly [number, number]
  /** Every so many rows two neighbours change places. */
  readonly swapEvery?: number
  /** Every so many rows one is sent twice. */
  readonly repeatEvery?: number
}

/** expected.json: what must come of it. */
export interface Expected {
  readonly tickets: readonly { device: string; mode: string }[]
  readonly stored: number
  readonly duplicates?: number
  readonly deadLetters?: Partial<Record<DeadLetterReason, number>>
  /** All that is stored of these devices. */
  readonly devices?: StoredDevices
  /** Topics on which edge nodes were told something. */
  readonly commands?: readonly string[]
}

export interface Outcome {
  readonly tickets: readonly { device: string; mode: string }[]
  readonly stored: number
  readonly duplicates: number
  readonly deadLetters: Summary['deadLetters']
  readonly lost: number
  readonly devices: StoredDevices
  readonly commands: readonly string[]
}

const folderOf = (name: string) => fileURLToPath(new URL(`./${name}/`, import.meta.url))
const readJson = <T>(name: string, file: string) =>
  JSON.parse(readFileSync(join(folderOf(name), file), 'utf8')) as T

export const scenario = (name: string): Scenario => readJson(name, 'scenario.json')
export const expected = (name: string): Expected => readJson(name, 'expected.json')

/** Plays a scenario through the whole journey over a real socket; `adapters` lays other URLs over its config. */
export async function play(
  input: Scenario,
  adapters: Record<string, unknown> = {},
  then: (journey: Journey) => Promise<void> = async () => {},
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-journey-'))
  const clock = new StepClock()
  const start = () => startOn(folder, input, adapters, clock)
  const commands: string[] = []
  clock.set(input.steps?.[0]?.at)
  let journey = await start()
  try {
    let sent = await publish(journey, messagesOf(input))
    for (const step of input.steps ?? []) {
      clock.set(step.at)
      if (step.restart) {
        await journey.close()
        journey = await start()
      }
      await playStep(journey, step, commands)
    }
    sent += input.readings ?? 0
    const summary = await settled(journey)
    const outcome = await outcomeOf(journey, summary, sent)
    await then(journey)
    const devices = input.steps ? await storedReadings(journey) : {}
    return { ...outcome, devices, commands }
  } finally {
    await journey.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function startOn(
  folder: string,
  { config, mapping, steps }: Scenario,
  adapters: Record<string, unknown>,
  clock: StepClock,
): Promise<Journey> {
  const usual = {
    mqtt: { port: 0 },
    http: { port: 0 },
    ingest: { maxPastDays: 400 },
    mapping: { file: mapping ? join(defaultFolders.catalogue, 'mappings', mapping) : '' },
  }
  return startJourney({
    config: parseConfig({ ...usual, ...config, ...adapters, data: { folder }, logLevel: 'silent' }),
    logger: pino({ level: 'silent' }),
    ...(steps ? { clock } : {}),
    onFatal: (error) => {
      throw error
    },
  })
}

/** Several messages may be one reading sent twice, so the publisher's key is the place in the list. */
export function messagesOf({ pumps = [], messages = [] }: Scenario): Message[] {
  const fromPumps = interleave(...pumps.map((pump) => disturb(pumpMessages(pump), pump)))
  const asTheyStand = messages.flatMap((message) =>
    Array.from({ length: message.times ?? 1 }, () => ({ topic: message.topic, payload: payloadOf(message) })),
  )
  return [...fromPumps, ...asTheyStand].map((message, i) => ({ ...message, device: String(i), time: i }))
}

function disturb(messages: readonly Message[], { missing, swapEvery, repeatEvery }: Disturbance): Message[] {
  const kept = messages.filter((_, i) => !missing || i < missing[0] || i > missing[1])
  if (swapEvery) {
    for (let i = swapEvery; i + 1 < kept.length; i += swapEvery)
      [kept[i], kept[i + 1]] = [kept[i + 1]!, kept[i]!]
  }
  return repeatEvery
    ? kept.flatMap((message, i) => (i % repeatEvery === 0 ? [message, message] : [message]))
    : kept
}

/** One in flight after another where order matters; returns the number of messages acknowledged. */
async function publish(journey: Journey, messages: readonly Message[]): Promise<number> {
  const publisher = new LoadPublisher(messages, 100)
  await publisher.run(`mqtt://127.0.0.1:${journey.mqttPort}`, AbortSignal.timeout(60_000))
  return publisher.acknowledged.size
}

const settled = (journey: Journey) =>
  until(
    journey.summary,
    ({ log, queue }) => Object.values(log.behind).every((n) => n === 0) && queue.waiting + queue.active === 0,
    60_000,
  )

async function outcomeOf(
  journey: Journey,
  { readings, deadLetters }: Summary,
  sent: number,
): Promise<Omit<Outcome, 'devices' | 'commands'>> {
  const { stored, duplicates, deadLettered, inLog } = readings
  const tickets = (await journey.tickets.list()).map(({ device, mode }: Ticket) => ({ device, mode }))
  tickets.sort((a, b) => a.device.localeCompare(b.device))
  const lost = sent - stored - duplicates - deadLettered - inLog
  return { tickets, stored, duplicates, deadLetters, lost }
}
