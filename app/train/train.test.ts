import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readEngines } from '../../edge/replay/cmapssFile.ts'
import { simulateLife } from '../../edge/simulator/lives.ts'
import { openBackend } from '../../models/backend.ts'
import { lifeOf } from '../../models/evaluation/cmapss.ts'
import { loadAssetModel } from '../../models/scoring/assetModel.ts'
import { prepareData } from '../../models/training/prepare.ts'
import { recipeFor } from '../../models/training/recipes.ts'
import {
  csvText,
  failuresOf,
  type Line,
  pressLines,
  pressOptions,
  writeFiles,
} from '../../test/support/pressTables.ts'
import { loadCatalogue } from '../loadCatalogue.ts'
import { thinned } from './thinned.ts'
import { runTrain } from './train.ts'

const catalogue = loadCatalogue()
const pump = catalogue.get('pump')!
const full = recipeFor(pump)
const recipe = {
  ...full,
  forecaster: { ...full.forecaster, folds: 2, epochs: 2, hidden: [8] },
  autoencoder: { ...full.autoencoder, epochs: 2 },
}

/** Simulated pumps as their owner would export them: readings, and what happened. */
function pumpTables(): { readings: Line[]; events: Line[] } {
  const modes = ['bearing_wear', 'cavitation', 'seal_leak', null, null]
  const lives = modes.map((mode, i) => ({
    device: `P-${i}`,
    ...simulateLife({ seed: `csv-${i}`, mode, startHours: 20, totalSlots: 900 }),
  }))
  const readings = lives.flatMap(({ device, times, values }) =>
    Array.from(times, (time, row) => ({
      device,
      time,
      ...Object.fromEntries(pump.channels.map((c, i) => [`${c.name} [${c.unit}]`, values[i]![row]!])),
    })),
  )
  const events = lives.flatMap(({ device, failedAt }) =>
    failedAt === null ? [] : [{ device, time: Math.round(failedAt), kind: 'failed' }],
  )
  return { readings, events }
}

it('trains a model from the CSV of simulated pumps that loads and scores', async () => {
  const { readings, events } = pumpTables()
  const files = await writeFiles({ data: csvText(readings, ';'), events: csvText(events) })
  const options = { ...pressOptions(files.folder), catalogue, recipe, assetType: 'pump' }
  const shares: number[] = []
  const result = await runTrain({ ...options, data: files.data, events: files.events }, ({ share }) => {
    shares.push(share)
  })
  expect(result.data).toMatchObject({
    devices: 5,
    readings: readings.length,
    rows: readings.length,
    ends: { failed: 3, running: 2, confirmed: 0 },
    leftOut: {},
  })
  expect(shares.at(-1)).toBe(1)
  const report = await readFile(result.report, 'utf8')
  for (const heading of ['Data', 'Predicted against true', 'Calibration', 'Three lives', 'Learning curves'])
    expect(report).toContain(`<h2>${heading}</h2>`)
  await openBackend()
  const model = await loadAssetModel(join(options.artifactsFolder, 'pump'), pump)
  const rows = 72
  const window = Float32Array.from({ length: rows * 6 }, (_, i) => {
    const cell = Object.values(readings[Math.floor(i / 6)]!)[2 + (i % 6)]
    return Number(cell)
  })
  const [verdict] = model.score([{ window: { values: window, rows, channels: 6 }, from: 0 }])
  expect(verdict!.failureProbability).toBeGreaterThanOrEqual(0)
  expect(model.forecaster!.manifest.data).toMatchObject({ name: 'data.csv', rows: readings.length })
  model.dispose()
})

it('gives the same weights for the same table and seed, whatever the order of its columns', async () => {
  const lines = pressLines(2, 2)
  const turned = lines.map((line): Line => Object.fromEntries(Object.entries(line).reverse()))
  const files = await writeFiles({
    one: csvText(lines),
    two: csvText(turned),
    events: csvText(failuresOf(lines)),
  })
  const weights: Buffer[][] = []
  for (const data of [files.one, files.two]) {
    const options = pressOptions(join(files.folder, String(weights.length)))
    const { folder } = await runTrain({ ...options, data, events: files.events })
    const kinds = ['forecaster', 'autoencoder']
    weights.push(await Promise.all(kinds.map((kind) => readFile(join(folder, kind, 'weights.bin')))))
  }
  expect(weights[0]).toEqual(weights[1])
})

it('trains the detector alone where nothing ever failed, and says so', async () => {
  const { data, folder } = await writeFiles({ data: csvText(pressLines(0, 5)) })
  const result = await runTrain({ ...pressOptions(folder), data })
  expect(readdirSync(result.folder).sort()).toEqual(['autoencoder', 'report.html'])
  expect(result.data.ends).toMatchObject({ failed: 0, running: 5 })
  expect(result.data.notes).toContain(
    'No life ends in a failure: the detector trains alone, there is no forecast to learn.',
  )
  const report = await readFile(result.report, 'utf8')
  expect(report).toContain('No forecast yet')
  expect(report).not.toContain('What gives a failure away')
})

it('thins the windows of very many rows, and says so', () => {
  expect(thinned(recipe, 1_000_000)).toEqual({ recipe, notes: [] })
  const { recipe: wide, notes } = thinned(recipe, 10_000_000)
  expect([wide.forecaster.every, wide.autoencoder.every]).toEqual([50, 50])
  expect(notes).toEqual(['There are 10000000 rows: a window is trained on every 50 rows.'])
})

const cmapss = join(process.env.FOREWARN_DATA ?? '', 'cmapss')

it.skipIf(!process.env.FOREWARN_DATA).each(['train_FD001.txt', 'train_FD003.txt'])(
  'finds nothing wrong with %s, and labels it as the file says',
  async (name) => {
    const turbofan = catalogue.get('turbofan')!
    const engines = (await readEngines(join(cmapss, name), undefined)).map((engine) => lifeOf(engine))
    const series = engines.map(({ id, values, rul }) => ({
      device: id,
      times: Float64Array.from(values[0]!, (cycle) => cycle * turbofan.cadenceMs),
      channels: values,
      rul,
    }))
    const events = series.map(({ device, times }) => ({
      device,
      time: times.at(-1)!,
      kind: 'failed' as const,
    }))
    const about = { name, tickets: [], notes: [] }
    const byRul = prepareData(turbofan, recipeFor(turbofan), { ...about, series, events: [] })
    const untold = series.map((one) => ({ ...one, rul: null }))
    const byEvents = prepareData(turbofan, recipeFor(turbofan), { ...about, series: untold, events })
    expect(byRul.set.lives).toEqual(engines)
    expect(byEvents.set.lives).toEqual(engines)
    expect(byEvents.summary).toMatchObject({ devices: 100, held: 0, leftOut: {}, ends: { failed: 100 } })
  },
)
