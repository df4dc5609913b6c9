import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import type { Catalogue } from '../../core/catalogue.ts'
import { ForewarnError, messageOf, unreadableFile } from '../../core/errors.ts'
import { openBackend } from '../../models/backend.ts'
import { type ModelReport, renderReport } from './report.ts'
import { type EvaluationSet, evaluationSets } from './sets.ts'
import type { OnStep, SetOptions } from './tables.ts'

export interface AllOptions extends SetOptions {
  readonly catalogue: Catalogue
  /** Holds a folder a set. */
  readonly data: string
  /** ISO 8601, kept in the report. */
  readonly measuredAt: string
}

/** Runs every set whose folder is there. Throws what they throw. */
export async function evaluateAll(
  options: AllOptions,
  onStep: OnStep = () => undefined,
  sets: readonly EvaluationSet[] = evaluationSets,
): Promise<ModelReport> {
  const { name: backend, simd } = await openBackend()
  const there = sets.filter(({ folder }) => folder === null || existsSync(join(options.data, folder)))
  const done: ModelReport['sets'][number][] = []
  for (const [place, set] of there.entries()) {
    const started = performance.now()
    const result = await set.run(join(options.data, set.folder ?? ''), options, (step, share) =>
      onStep(`${set.name} ${step}`, (place + share) / there.length),
    )
    done.push({ name: set.name, seconds: (performance.now() - started) / 1000, ...result })
  }
  const processors = cpus()
  return {
    measuredAt: options.measuredAt,
    seeds: options.seeds,
    quick: options.quick,
    machine: {
      cpu: processors[0]?.model ?? 'unknown',
      cores: processors.length,
      node: process.versions.node,
      tfjs: tf.version_core,
      backend,
      simd,
    },
    sets: done,
    skipped: sets.filter((set) => !there.includes(set)).map((set) => set.name),
  }
}

export const reportFiles = (folder: string) => ({
  json: join(folder, 'model-report.json'),
  markdown: join(folder, 'model-report.md'),
})

/** Writes `model-report.json`, and from what then stands there `model-report.md`. */
export async function writeReport(folder: string, report: ModelReport): Promise<void> {
  await writeFile(reportFiles(folder).json, `${JSON.stringify(report, null, 1)}\n`)
  await renderFrom(folder)
}

/** Renders `model-report.md` from the JSON beside it. Throws DATA_FILE_INVALID, DATA_FILE_UNREADABLE. */
export async function renderFrom(folder: string): Promise<void> {
  const { json, markdown } = reportFiles(folder)
  const report = await readFile(json, 'utf8')
    .then((text) => JSON.parse(text) as ModelReport)
    .catch((cause: unknown) => {
      throw cause instanceof SyntaxError
        ? new ForewarnError('DATA_FILE_INVALID', { file: json, line: 1, problem: messageOf(cause) }, cause)
        : unreadableFile(json, cause)
    })
  await writeFile(markdown, renderReport(report))
}
