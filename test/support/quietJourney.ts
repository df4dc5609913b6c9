import { pino } from 'pino'
import { expect } from 'vitest'
import { type Journey, startJourney } from '../../app/journey.ts'
import type { AssetType } from '../../core/catalogue.ts'
import type { Config } from '../../core/config.ts'
import { until } from './forewarnProcess.ts'
import { LoadPublisher, type Message } from './loadPublisher.ts'

/** Everything in this process, without a log; a fatal end fails the test. */
export const startQuietly = (config: Config): Promise<Journey> =>
  startJourney({
    config,
    logger: pino({ level: 'silent' }),
    onFatal: (error) => {
      throw error
    },
  })

/** Publishes over a real socket in the order given; resolves once all of it is acknowledged. */
export async function publishAll(
  journey: Journey,
  messages: readonly Message[],
  inFlight = 50,
): Promise<void> {
  const publisher = new LoadPublisher(messages, inFlight)
  await publisher.run(journey.mqttUrl, AbortSignal.timeout(60_000))
  expect(publisher.done).toBe(true)
}

/** Windows of streams without gaps: one a reading, from the first on that has enough readings before it. */
export function windowsIn(messages: readonly Message[], { window }: AssetType): number {
  const readings = new Map<string, number>()
  for (const { topic } of messages) readings.set(topic, (readings.get(topic) ?? 0) + 1)
  return [...readings.values()].reduce((sum, count) => sum + Math.max(0, count - window.minimum + 1), 0)
}

/** Waits until so many windows are scored since the start, and what followed from them is done. */
export async function scoredAndDone(journey: Journey, windows: number): Promise<void> {
  await until(
    async () => ({ scored: journey.scored(), ...(await journey.summary()) }),
    ({ scored, log, queue }) =>
      scored >= windows &&
      Object.values(log.behind).every((n) => n === 0) &&
      queue.waiting + queue.active + queue.delayed === 0,
    60_000,
  )
}
