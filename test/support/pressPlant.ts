import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openModelRegistry } from '../../app/roles/models.ts'
import { systemClock } from '../../core/clock.ts'
import { type Config, parseConfig } from '../../core/config.ts'
import type { ModelRegistry } from '../../core/ports.ts'
import type { TrainingLife } from '../../models/training/dataset.ts'
import { press, pressArtifacts, pressLives } from '../properties/tinyAsset.ts'
import type { Message } from './loadPublisher.ts'

/** Where the journeys of presses take place: a catalogue of the press alone, models that are trained in the test. */
export interface PressPlant {
  readonly config: Config
  readonly registry: ModelRegistry
  /** Trains the model that is in force from the first start on. */
  install(seed: number): Promise<void>
  /** Trains another version and registers it, nothing more; gives its hash. */
  register(seed: number, lives?: TrainingLife[]): Promise<string>
  /** Its folders are gone. */
  remove(): void
}

/** Who decides in the journeys, and why. */
export const by = { actor: 'ada', reason: 'a test' }

/** A plant in folders of its own, without a model, on free ports. */
export function pressPlant(): PressPlant {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-plant-'))
  const [data, catalogue, models] = ['data', 'catalogue', 'models'].map((part) => join(folder, part))
  for (const part of [catalogue!, models!]) mkdirSync(part)
  writeFileSync(join(catalogue!, 'press.yaml'), JSON.stringify(press))
  const config = parseConfig({
    data: { folder: data },
    catalogue: { folder: catalogue },
    models: { folder: models },
    mqtt: { port: 0 },
    http: { port: 0 },
  })
  const registry = openModelRegistry({ config, clock: systemClock })
  return {
    config,
    registry,
    install: (seed) =>
      withArtifacts(seed, pressLives(), (made) => cpSync(made, models!, { recursive: true })),
    register: (seed, lives = pressLives()) =>
      withArtifacts(
        seed,
        lives,
        async (made) => (await registry.register(press.name, join(made, press.name), by)).hash,
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function withArtifacts<T>(
  seed: number,
  lives: TrainingLife[],
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  const made = await pressArtifacts(seed, lives)
  try {
    return await use(made)
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

/** When slot 0 is, ms, for a run of so many slots that ends now. */
export const startOf = (slots: number): number =>
  Math.floor(Date.now() / press.cadenceMs) * press.cadenceMs - slots * press.cadenceMs

/** `press-0`, `press-1` and so on. */
export const numbered = (lives: readonly TrainingLife[]): Record<string, TrainingLife> =>
  Object.fromEntries(lives.map((life, i) => [`press-${i}`, life]))

/** Readings of all presses side by side, of the slots from `first` on and before `behind`; slot 0 is at `start`. */
export function pressMessages(
  presses: Readonly<Record<string, TrainingLife>>,
  start: number,
  first: number,
  behind: number,
): Message[] {
  const slots = Array.from({ length: behind - first }, (_, i) => first + i)
  return slots.flatMap((slot) =>
    Object.entries(presses).map(([device, life]) => {
      const time = start + slot * press.cadenceMs
      const values = Object.fromEntries(press.channels.map(({ name }, c) => [name, life.values[c]![slot]!]))
      const payload = JSON.stringify({ time, seq: slot, values })
      return { device, time, topic: `forewarn/hall/press/${device}/telemetry`, payload }
    }),
  )
}
