import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AssetType, Catalogue } from '../../../core/catalogue.ts'
import { ForewarnError, unreadableFile } from '../../../core/errors.ts'
import { readEngines } from '../../../edge/replay/cmapssFile.ts'
import { openBackend } from '../../../models/backend.ts'
import { lifeOf } from '../../../models/evaluation/cmapss.ts'
import type { TrainingLife } from '../../../models/training/dataset.ts'
import type { OnStep, SetOptions, SetResult } from '../tables.ts'
import { aimsOf } from './aims.ts'
import { judgeFold } from './fold.ts'
import { foldsOf, outerFolds } from './folds.ts'
import { type Judged, joinFolds } from './judged.ts'
import { tablesFor } from './studyTables.ts'

/** Training files of the folder, `FD001` and so on in order. Throws DATA_FILE_UNREADABLE. */
export async function trainingFiles(folder: string): Promise<{ name: string; file: string }[]> {
  const files = await readdir(folder).catch((cause: unknown) => {
    throw unreadableFile(folder, cause)
  })
  return files
    .flatMap((file) => {
      const name = /^train_(FD00\d)\.txt$/.exec(file)?.[1]
      return name ? [{ name, file: join(folder, file) }] : []
    })
    .sort((a, b) => a.name.localeCompare(b.name))
}

/**
 * The study of every training file in `folder`: whole engines held out in five folds, cut at random cycles like the
 * official test files, every fold forecast by networks that never saw it, for every protocol and seed; no test part is
 * opened. Throws DATA_FILE_INVALID, REQUEST_INVALID.
 */
export async function studyCmapss(
  folder: string,
  catalogue: Catalogue,
  options: SetOptions,
  onStep: OnStep = () => undefined,
): Promise<SetResult> {
  const type = catalogue.get('turbofan')
  if (!type) throw new ForewarnError('REQUEST_INVALID', { problem: 'the catalogue has no turbofan' })
  const files = await trainingFiles(folder)
  if (files.length === 0)
    throw new ForewarnError('REQUEST_INVALID', { problem: `${folder} has no train_FD001.txt or the like` })
  await openBackend()
  const studies: { name: string; judged: Judged }[] = []
  for (const [place, { name, file }] of files.entries()) {
    const lives = (await readEngines(file, undefined)).map((engine) => lifeOf(engine))
    const judged = await studyLives(type, lives, options, (step, share) =>
      onStep(`${name}, ${step}`, (place + share) / files.length),
    )
    studies.push({ name, judged })
  }
  return {
    aims: studies.flatMap(({ name, judged }) => aimsOf(name, judged)),
    details: {
      tables: studies.flatMap(({ name, judged }) => tablesFor(name, judged)),
      sets: Object.fromEntries(studies.map(({ name, judged }) => [name, judged.figures])),
    },
  }
}

/** One file's engines. */
export async function studyLives(
  type: AssetType,
  lives: readonly TrainingLife[],
  { seeds, quick }: SetOptions,
  onStep: OnStep,
): Promise<Judged> {
  if (lives.length < 2 * outerFolds)
    throw new ForewarnError('REQUEST_INVALID', {
      problem: `${lives.length} engines are too few for ${outerFolds} folds`,
    })
  const folds = foldsOf(lives).slice(0, quick ? 2 : outerFolds)
  const judged = []
  for (const [place, fold] of folds.entries())
    judged.push(
      await judgeFold(type, fold, seeds, (step, share) =>
        onStep(`fold ${place + 1} of ${folds.length}, ${step}`, (place + share) / folds.length),
      ),
    )
  return joinFolds(type, judged)
}
