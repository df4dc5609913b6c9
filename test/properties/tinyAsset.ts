import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AssetType, parseAssetType } from '../../core/catalogue.ts'
import type { ReadingBatch } from '../../core/reading.ts'
import type { TrainingLife } from '../../models/training/dataset.ts'
import { seededRandom } from '../../models/training/random.ts'
import { recipeFor } from '../../models/training/recipes.ts'
import { disposeAsset, type TrainedAsset, trainAsset, writeAsset } from '../../models/training/trainAsset.ts'

const minute = 60_000

/** A press with two sensors and a speed, small enough to train within a test. */
export const press: AssetType = parseAssetType(
  {
    name: 'press',
    label: 'Press',
    window: { by: 'grid', length: 16, minimum: 6, maxHeld: 2, stride: 1 },
    cadenceMs: minute,
    usage: { unit: 'min', perSlot: 1, perDay: 1440 },
    rulCap: 60,
    horizon: 20,
    channels: [
      { name: 'force', label: 'Force', unit: 'kN', plausible: [-1e6, 1e6] },
      { name: 'heat', label: 'Heat', unit: 'Cel', plausible: [-1e6, 1e6] },
      { name: 'speed', label: 'Speed', unit: '1/min', role: 'setting', plausible: [0, 1e6] },
    ],
    failureModes: [
      {
        name: 'worn_die',
        label: 'Worn die',
        symptoms: { force: 1, heat: 0.3 },
        action: 'Change the die.',
        skill: 'toolmaker',
        requiredLead: 5,
        costPlanned: 1,
        costFailure: 10,
      },
    ],
  },
  'press.yaml',
)

/** A press whose force and heat rise over its last hour; healthy throughout without `failsAt`. */
export function pressLife(seed: number, slots: number, failsAt?: number): TrainingLife {
  const random = seededRandom(seed)
  const noise = (spread: number) => spread * (random() + random() - 1)
  const values = [new Float64Array(slots), new Float64Array(slots), new Float64Array(slots)]
  for (let i = 0; i < slots; i++) {
    const wear = failsAt === undefined ? 0 : Math.max(0, 1 - (failsAt - i) / 60)
    const speed = 10 + noise(1)
    values[0]![i] = 5 * speed + noise(2) + 25 * wear
    values[1]![i] = 40 + noise(2) + 6 * wear
    values[2]![i] = speed
  }
  const rul = failsAt === undefined ? null : Float64Array.from({ length: slots }, (_, i) => failsAt - i)
  return { id: `press-${seed}`, values, rul }
}

/** Presses that wear out and presses that do not. */
export const pressLives = (): TrainingLife[] => [
  ...Array.from({ length: 8 }, (_, i) => pressLife(100 + i, 120, 120)),
  ...Array.from({ length: 8 }, (_, i) => pressLife(200 + i, 120)),
]

/** Trains on a few presses; good enough to tell worn from healthy. */
export function trainPress(seed = 1, lives = pressLives()): Promise<TrainedAsset> {
  const recipe = recipeFor(press)
  return trainAsset(
    press,
    { name: 'presses', lives },
    {
      seed,
      trainedAt: '2025-01-01T00:00:00.000Z',
      recipe: {
        ...recipe,
        forecaster: { ...recipe.forecaster, folds: 2, epochs: 12, hidden: [16, 8], batch: 64, rate: 1e-2 },
        autoencoder: { ...recipe.autoencoder, epochs: 8, hidden: [8], batch: 64, rate: 1e-2 },
      },
    },
  )
}

/** Trains and writes; the folder is to be used as `artifactsFolder`. */
export async function pressArtifacts(seed = 1, lives = pressLives()): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-press-'))
  const trained = await trainPress(seed, lives)
  await writeAsset(join(folder, press.name), trained)
  disposeAsset(trained)
  return folder
}

export const pressStart = Date.UTC(2025, 0, 1)

/** One reading of a device for `batchOf`. */
export interface Sent {
  readonly device: string
  readonly slot: number
  readonly values: readonly number[]
}

export const sentBy = (device: string, life: TrainingLife): Sent[] =>
  Array.from(life.values[0]!, (_, slot) => ({ device, slot, values: life.values.map((v) => v[slot]!) }))

/** Readings as the log hands them over. */
export function batchOf(sent: readonly Sent[]): ReadingBatch {
  const column = (pick: (s: Sent) => number) => Float64Array.from(sent, pick)
  return {
    assetType: press.name,
    length: sent.length,
    device: sent.map((s) => s.device),
    site: sent.map(() => 'hall'),
    time: column((s) => pressStart + s.slot * minute),
    receivedAt: column((s) => pressStart + s.slot * minute),
    publishedAt: column((s) => s.slot),
    seq: column((s) => s.slot),
    channels: press.channels.map((_, c) => column((s) => s.values[c]!)),
  }
}
