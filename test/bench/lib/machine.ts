import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Machine } from './benchCase.ts'

const root = new URL('../../../', import.meta.url)

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split('-')[0]}`,
  }
}

const packages = [
  'aedes',
  'lmdb',
  '@duckdb/node-api',
  '@electric-sql/pglite',
  '@tensorflow/tfjs-core',
  '@influxdata/influxdb-client',
  'bullmq',
  'mqtt',
]

/** Of node, forewarn and the packages on the data's way, as they are installed. */
export function versions(): Record<string, string> {
  const installed = packages.map((name) => [name, versionIn(`node_modules/${name}/package.json`)])
  return {
    node: process.versions.node,
    forewarn: versionIn('package.json'),
    ...Object.fromEntries(installed),
  }
}

function versionIn(file: string): string {
  const text = readFileSync(fileURLToPath(new URL(file, root)), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
