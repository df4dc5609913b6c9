import { runTrain } from '../../app/train/train.ts'
import { pressOptions } from './pressTables.ts'

// A training run for tests to interrupt: says each epoch on stdout, and waits a moment there to be killed.
const [folder, data, events] = process.argv.slice(2) as [string, string, string]
await runTrain({ ...pressOptions(folder), data, events }, async ({ kind }) => {
  process.stdout.write(`${kind}\n`)
  await new Promise((resolve) => setTimeout(resolve, 50))
})
process.stdout.write('done\n')
