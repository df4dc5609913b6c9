import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FleetDemoResult } from '../../app/demo/fleetDemo.ts'
import type { ReplayDemoResult } from '../../app/demo/replayDemo.ts'
import type { EvaluateResult } from '../../app/evaluate/evaluate.ts'
import { projectRoot } from '../../app/paths.ts'

/** Runs the built program as a user does; its last line is JSON. */
function forewarn<T>(...args: string[]): { status: number | null; last: T } {
  const run = spawnSync(process.execPath, [join(projectRoot, 'bin', 'forewarn.cjs'), ...args], {
    cwd: projectRoot,
    encoding: 'utf8',
    timeout: 240_000,
  })
  const last = run.stdout.trim().split('\n').at(-1)
  if (!last?.startsWith('{')) throw new Error(`no JSON came of ${args.join(' ')}:\n${run.stderr}`)
  return { status: run.status, last: JSON.parse(last) as T }
}

describe('the demo', () => {
  it('opens a first ticket for a pump that is failing, and accounts for every reading', () => {
    const demo = ['demo', '--headless', '--seed', 'acceptance', '--until-ticket', '--timeout', '180']
    const { status, last } = forewarn<FleetDemoResult>(...demo)
    expect(status).toBe(0)
    expect(last).toMatchObject({ lost: 0, inLog: 0, duplicates: 0, deadLettered: 0 })
    expect(last.stored).toBe(last.sent)
    expect(last.tickets).toBeGreaterThanOrEqual(1)
    expect(last.first?.trueMode).not.toBeNull()
    expect(last.first?.lead).toBeGreaterThan(0)
    expect(last.publishToTicketMs).toBeGreaterThan(0)
  }, 260_000)

  it('opens none for a fleet without faults', () => {
    const { status, last } = forewarn<FleetDemoResult>(
      'demo',
      '--headless',
      '--faults',
      'none',
      '--seconds',
      '20',
    )
    expect(status).toBe(0)
    expect(last).toMatchObject({ tickets: 0, lost: 0 })
    expect(last.scored).toBeGreaterThan(2_000)
  }, 120_000)
})

describe('the demo with a past', () => {
  it('has tickets in at least four states, of machines that did break, and accounts for every reading', () => {
    const { status, last } = forewarn<FleetDemoResult>('demo', '--headless', '--past', '14', '--seconds', '2')
    expect(status).toBe(0)
    expect(last).toMatchObject({ lost: 0, duplicates: 0, deadLettered: 0 })
    expect(last.stored).toBe(last.sent)
    expect(Object.keys(last.states).length).toBeGreaterThanOrEqual(4)
    expect(last.tickets).toBeGreaterThanOrEqual(6)
    expect(last.judgement.falseAlarms).toBe(0)
    // days apart, as people work on them, though it took a minute
    expect(last.openedOverDays).toBeGreaterThan(5)
    expect(last.publishToTicketMs).toBeLessThan(60_000)
  }, 240_000)
})

const file = process.env.FOREWARN_DATA ? join(process.env.FOREWARN_DATA, 'cmapss', 'train_FD001.txt') : ''
const where = existsSync(file) ? '' : ' (left out: FOREWARN_DATA names no cmapss/train_FD001.txt)'

describe.runIf(existsSync(file))(`engines 81-100 of FD001, which trained nothing${where}`, () => {
  it('are all found 15 to 50 cycles before their failure, none falsely', () => {
    const replay = ['demo', '--headless', '--replay', 'cmapss', '--data', file, '--units', '81-100']
    const { last } = forewarn<ReplayDemoResult>(...replay, '--rate', '200', '--until-end')
    expect(last).toMatchObject({ failures: 20, found: 20, missed: 0, falseAlarms: 0, lost: 0 })
    expect(last.leadTime.p10).toBeGreaterThanOrEqual(20)
  }, 260_000)

  it('are forecast better than by ridge regression on the same cuts', () => {
    const cuts = ['evaluate', 'cmapss', '--train', file, '--units', '81-100', '--cuts', '10', '--seed', '3']
    const artifact = join(projectRoot, 'models', 'artifacts', 'turbofan')
    const { last } = forewarn<EvaluateResult>(...cuts, '--artifact', artifact, '--no-variants', '--json')
    expect(last.rmseCapped).toBeLessThanOrEqual(12)
    expect(last.rmseCapped).toBeLessThan(last.baselines.ridge!.rmseCapped)
  }, 120_000)
})
