import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'
import { verifyArtifacts } from '../../models/registry/verify.ts'
import { csvText, failuresOf, pressLines, pressOptions, writeFiles } from '../../test/support/pressTables.ts'
import { runTrain } from './train.ts'

vi.setConfig({ testTimeout: 120_000 })

const program = fileURLToPath(new URL('../../test/support/training.process.ts', import.meta.url))

/** Starts a training process; resolves when it has said `word` so many times. */
async function trainUntil(word: string, count: number, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const text of child.stdout!.setEncoding('utf8')) {
    said += text
    if (said.split(`${word}\n`).length > count) return child
  }
  throw new Error(`the training process ended after: ${said}`)
}

it.each<[NodeJS.Signals, string, number]>([
  ['SIGINT', 'forecaster', 1],
  ['SIGTERM', 'forecaster', 4],
  ['SIGKILL', 'autoencoder', 1],
])('a run that %s ends leaves what was there, whole', async (signal, word, count) => {
  const lines = pressLines(2, 2)
  const files = await writeFiles({ data: csvText(lines), events: csvText(failuresOf(lines)) })
  const models = join(files.folder, 'models')
  const child = await trainUntil(word, count, [files.folder, files.data, files.events])
  const ended = once(child, 'exit')
  child.kill(signal)
  expect(await ended).toEqual([null, signal])
  expect(existsSync(models)).toBe(false)

  const options = { ...pressOptions(files.folder), data: files.data, events: files.events }
  await runTrain(options)
  const before = await verifyArtifacts(join(models, 'press'))
  const second = await trainUntil(word, count, [files.folder, files.data, files.events])
  const secondEnded = once(second, 'exit')
  second.kill(signal)
  await secondEnded
  expect(await verifyArtifacts(join(models, 'press'))).toEqual(before)
})

it('clears away what a run left that was killed while it wrote', async () => {
  const lines = pressLines(2, 2)
  const files = await writeFiles({ data: csvText(lines), events: csvText(failuresOf(lines)) })
  const models = join(files.folder, 'models')
  mkdirSync(join(models, '.press.making', 'forecaster.new'), { recursive: true })
  writeFileSync(join(models, '.press.making', 'forecaster.new', 'weights.bin'), 'half')
  const { report } = await runTrain({ ...pressOptions(files.folder), data: files.data, events: files.events })
  expect(readdirSync(models)).toEqual(['press'])
  expect(readdirSync(join(models, 'press')).sort()).toEqual(['autoencoder', 'forecaster', 'report.html'])
  expect(report).toBe(join(models, 'press', 'report.html'))
})
