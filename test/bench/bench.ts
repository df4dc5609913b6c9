import { appendFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { cases } from './cases/index.ts'
import type { BenchCase, BenchContext, Line, Measured } from './lib/benchCase.ts'
import { machine, versions } from './lib/machine.ts'

/*
 * `npm run bench -- [case ...]`: measures and prints one JSON line a measurement; progress goes to stderr. It judges
 * nothing: a figure that misses its aim is a line like the others (docs/performance.md tells them apart).
 */
const program = new Command('npm run bench --')
  .description('Measures forewarn on this machine; one JSON line a measurement.')
  .argument('[case...]', 'which ones; all without')
  .option('--seconds <n>', 'length of a timed stretch instead of each case’s own', Number)
  .option('--services', 'on InfluxDB and Mosquitto instead of the embedded parts, where a case knows them')
  .option('--out <file>', 'append the lines to this file, too')
  .addHelpText('after', `\nCases:\n${cases.map((c) => `  ${c.name.padEnd(9)} ${c.about}`).join('\n')}`)
  .parse()

const options = program.opts<{ seconds?: number; services?: boolean; out?: string }>()
const folders: string[] = []

const context: BenchContext = {
  seconds: options.seconds,
  services: options.services ?? false,
  progress: (text) => void process.stderr.write(`${text}\n`),
  async folder() {
    const folder = await mkdtemp(join(tmpdir(), 'forewarn-bench-'))
    folders.push(folder)
    return folder
  },
}

function print(bench: BenchCase, measured: Measured): void {
  const line: Line = {
    case: bench.name,
    at: new Date().toISOString(),
    ...measured,
    machine: machine(),
    versions: versions(),
  }
  const text = JSON.stringify(line)
  console.log(text)
  if (options.out) appendFileSync(options.out, `${text}\n`)
}

const wanted = program.args
const unknown = wanted.find((name) => !cases.some((c) => c.name === name))
if (unknown !== undefined) {
  program.error(`There is no case "${unknown}"; there are ${cases.map((c) => c.name).join(', ')}.`)
}
try {
  for (const bench of cases) {
    if (wanted.length > 0 && !wanted.includes(bench.name)) continue
    context.progress(`${bench.name}: ${bench.about}`)
    for await (const measured of bench.run(context)) print(bench, measured)
  }
} finally {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
}
