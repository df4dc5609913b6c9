import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { TrainOptions } from '../../app/train/train.ts'
import type { TrainingLife } from '../../models/training/dataset.ts'
import { recipeFor } from '../../models/training/recipes.ts'
import { press, pressLife, pressStart } from '../properties/tinyAsset.ts'

/** One line of a table, a cell a column. */
export type Line = Record<string, string | number>

/** Presses as the tests write them to CSV: `failing` of them run 120 minutes to their failure, the others stay healthy. */
export function pressLines(failing: number, healthy: number): Line[] {
  return Array.from({ length: failing + healthy }, (_, i) => {
    const life = pressLife(500 + i, 120, i < failing ? 120 : undefined)
    return linesOf(i < failing ? `worn-${i}` : `fit-${i}`, life)
  }).flat()
}

export const timeAt = (minute: number): string =>
  new Date(pressStart + minute * press.cadenceMs).toISOString()

const linesOf = (device: string, { values }: TrainingLife): Line[] =>
  Array.from(values[0]!, (_, row) => ({
    device,
    time: timeAt(row),
    ...Object.fromEntries(press.channels.map(({ name }, c) => [name, values[c]![row]!])),
  }))

/** Failures of these presses, two hours after their first reading. */
export const failuresOf = (lines: readonly Line[]): Line[] =>
  [...new Set(lines.map(({ device }) => String(device)))]
    .filter((device) => device.startsWith('worn'))
    .map((device) => ({ device, time: timeAt(120), kind: 'failed', mode: 'worn_die' }))

export function csvText(lines: readonly Line[], separator = ','): string {
  const names = [...new Set(lines.flatMap((line) => Object.keys(line)))]
  const rows = lines.map((line) => names.map((name) => line[name] ?? '').join(separator))
  return `${[names.join(separator), ...rows].join('\n')}\n`
}

/** Writes files into a folder that goes with the test; gives their paths. */
export async function writeFiles<K extends string>(
  texts: Record<K, string>,
): Promise<Record<K | 'folder', string>> {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-train-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const paths: Record<string, string> = { folder }
  for (const [name, text] of Object.entries<string>(texts)) {
    paths[name] = join(folder, `${name}.csv`)
    await writeFile(paths[name], text)
  }
  return paths as Record<K | 'folder', string>
}

const recipe = recipeFor(press)

/** A recipe that is through in a moment. */
export const quickRecipe = {
  ...recipe,
  forecaster: { ...recipe.forecaster, folds: 2, epochs: 3, hidden: [8], batch: 64, rate: 1e-2 },
  autoencoder: { ...recipe.autoencoder, epochs: 2, hidden: [4], batch: 64, rate: 1e-2 },
}

/** Options to train a press from CSV files in a moment. */
export const pressOptions = (folder: string): Omit<TrainOptions, 'data'> => ({
  catalogue: new Map([[press.name, press]]),
  assetType: press.name,
  from: 'csv',
  seed: 1,
  artifactsFolder: join(folder, 'models'),
  trainedAt: '2025-01-01T00:00:00.000Z',
  recipe: quickRecipe,
})
