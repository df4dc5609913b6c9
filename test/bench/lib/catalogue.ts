import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const pump = fileURLToPath(new URL('../../../catalogue/pump.yaml', import.meta.url))
const shipped = fileURLToPath(new URL('../../../catalogue', import.meta.url))

export interface BenchPump {
  readonly cadenceMs: number
  /** A window is scored every so many readings; at most the window's length, 72, so that every reading is in one. */
  readonly stride: number
  /** Readings that a window needs at least; default: the shipped ones. */
  readonly minimum?: number
}

/** A catalogue folder whose pump has another cadence and stride than the shipped one. */
export function writeCatalogue(folder: string, { cadenceMs, stride, minimum }: BenchPump): string {
  const target = join(folder, 'catalogue')
  mkdirSync(target, { recursive: true })
  cpSync(shipped, target, { recursive: true })
  const text = readFileSync(pump, 'utf8')
    .replace(/stride: \d+/, `stride: ${stride}`)
    .replace(/cadenceMs: \d+/, `cadenceMs: ${cadenceMs}`)
    .replace(/minimum: (\d+)/, (_, shippedOne) => `minimum: ${minimum ?? shippedOne}`)
  writeFileSync(join(target, 'pump.yaml'), text)
  return target
}

/** The shipped pump as its YAML says it, with another stride. */
export function shippedPump({ stride }: Pick<BenchPump, 'stride'>): unknown {
  const pumpYaml = parse(readFileSync(pump, 'utf8')) as { window: object }
  return { ...pumpYaml, window: { ...pumpYaml.window, stride } }
}
