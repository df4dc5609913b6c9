import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Logger } from 'pino'
import { ForewarnError } from '../../core/errors.ts'
import { type Replay, startReplay } from '../../edge/replay/cmapss.ts'
import type { ReplayJudgement } from '../../edge/replay/judge.ts'
import { type Journey, startJourney } from '../journey.ts'
import type { Stopped } from '../untilStopped.ts'
import { drain, type LossAccounts, lossAccounts, openings } from './accounts.ts'
import { showProgress } from './progress.ts'
import { demoConfig, demoFolder } from './settings.ts'

export interface ReplayDemoOptions {
  readonly headless: boolean
  readonly data?: string
  readonly units: string
  readonly rate: number
  readonly port?: number
  /** End when every unit has failed; otherwise the page stays up until Ctrl-C. */
  readonly untilEnd?: boolean
}

export interface ReplayDemoResult extends LossAccounts, Omit<ReplayJudgement, 'engines'> {
  readonly scored: number
  readonly tickets: number
  readonly publishToTicketMs: number | null
  /** Remaining cycles at each engine's first ticket. */
  readonly leads: readonly (number | null)[]
}

/** Replays real engines over MQTT against the whole journey in this process, and judges the tickets. */
export async function runReplayDemo(
  options: ReplayDemoOptions,
  logger: Logger,
  stopped: Stopped,
): Promise<ReplayDemoResult> {
  const file = dataFile(options.data)
  const { folder, remove } = demoFolder()
  try {
    const config = await demoConfig(folder, options.port, options.headless)
    let replay: Replay | undefined
    const journey = await startJourney({
      config,
      logger,
      onFatal: stopped.fail,
      simulator: async ({ url, catalogue }) => {
        const assetType = catalogue.get('turbofan')!
        const running = await startReplay({ url, assetType, file, units: options.units, rate: options.rate })
        replay = running
        return { sent: () => running.sent().total, close: () => running.stop() }
      },
    })
    try {
      const progress = showProgress(journey, options)
      await Promise.race([replay!.done, stopped.wait])
      if (!options.headless && !options.untilEnd) await stopped.wait
      progress.stop()
      await replay!.stop()
      await drain(journey)
      return await result(journey, replay!)
    } finally {
      await journey.close()
    }
  } finally {
    remove()
  }
}

function dataFile(data: string | undefined): string {
  const fallback = process.env.FOREWARN_DATA
    ? resolve(process.env.FOREWARN_DATA, 'cmapss', 'train_FD001.txt')
    : undefined
  const file = data ?? fallback
  if (file && existsSync(file)) return file
  const problem = file ? 'there is no such file' : 'no file was named'
  throw new ForewarnError('DATA_FILE_UNREADABLE', { file: file ?? '--data', problem })
}

async function result(journey: Journey, replay: Replay): Promise<ReplayDemoResult> {
  const opened = await openings(journey)
  const { engines, ...judgement } = replay.judge(opened)
  const latencies = opened.flatMap((o) => (o.publishToTicketMs === null ? [] : [o.publishToTicketMs]))
  return {
    ...(await lossAccounts(journey, replay.sent().total)),
    scored: journey.scored(),
    tickets: opened.length,
    publishToTicketMs: latencies.sort((a, b) => a - b)[Math.floor(latencies.length / 2)] ?? null,
    ...judgement,
    leads: engines.map((engine) => engine.lead),
  }
}
