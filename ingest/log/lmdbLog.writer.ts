import { systemClock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import { openReadingLog } from './lmdbLog.ts'
import { catalogueOf, reading } from './testing.ts'

/*
 * A process of its own for lmdbLog.test.ts. `endless FOLDER`: appends readings numbered by their time until it is
 * killed, and prints how many are acknowledged. `full FOLDER`: appends until the disk refuses, and prints what it saw. `open FOLDER`: only opens it.
 */
const [folder, mode] = process.argv.slice(2) as [string, string]

let unhandled = 0
process.on('unhandledRejection', () => unhandled++)

const log = await openReadingLog({
  folder,
  maxBytes: 1e9,
  catalogue: catalogueOf('a', 'b'),
  consumers: ['store'],
  clock: systemClock,
}).catch((error: ForewarnError) => {
  console.log(error.code, error.message)
  process.exit(1)
})

if (mode === 'open') process.exit(0)

let next = log.appended()
const append = (count: number) => {
  const readings = Array.from({ length: count }, (_, i) => reading(`f${(next + i) % 50}`, next + i, 1, 1))
  next += count
  return log.append(readings)
}

if (mode === 'endless') {
  for (;;) {
    await Promise.all(Array.from({ length: 20 }, (_, i) => append(1 + (i % 3))))
    process.stdout.write(`${next}\n`)
  }
}

let kept = 0
let failure: unknown
while (!failure) {
  await append(500).then(
    () => {
      kept += 500
    },
    (error) => {
      failure = error
    },
  )
}
await new Promise((resolve) => setTimeout(resolve, 100))
const { code, next: step } = failure as ForewarnError
const behind = log.stats().behind.store
console.log(
  JSON.stringify({ code, next: step, kept, behind, unhandled, known: failure instanceof ForewarnError }),
)
await log.close()
