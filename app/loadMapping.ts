import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Catalogue } from '../core/catalogue.ts'
import type { Config } from '../core/config.ts'
import { ForewarnError, messageOf } from '../core/errors.ts'
import type { Inlet } from '../ingest/inlet.ts'
import { createMapper } from '../ingest/mapper.ts'
import { openMappingState } from '../ingest/mapping/lmdbState.ts'
import type { Mapper } from '../ingest/mapping/mapped.ts'
import type { MappingState } from '../ingest/mapping/state.ts'

export interface OpenMapping {
  readonly mapper: Mapper
  readonly state: MappingState
}

/**
 * The mapping that the config names, with what it remembers in the data folder; undefined where it names none. Throws
 * MAPPING_INVALID, MAPPING_STATE_DAMAGED, DATA_FOLDER_UNUSABLE, and CONFIG_INVALID where several processes share the
 * messages of a device whose values are collected.
 */
export async function openMapping(
  { mapping: { file }, mqtt: { shareGroup } }: Pick<Config, 'mapping' | 'mqtt'>,
  dataFolder: string,
  catalogue: Catalogue,
): Promise<OpenMapping | undefined> {
  if (file === '') return undefined
  const state = openMappingState(join(dataFolder, 'mapping'))
  try {
    const mapper = loadMapping(file, catalogue, state)
    if (shareGroup !== '' && mapper.remembers) throw shared(file)
    return { mapper, state }
  } catch (error) {
    await state.close()
    throw error
  }
}

function shared(file: string): ForewarnError {
  const problem = `${file} collects values or speaks Sparkplug: one process has to hear all messages of a device`
  return new ForewarnError('CONFIG_INVALID', { path: 'mqtt.shareGroup', problem, source: 'forewarn.yaml' })
}

/** Publishes where messages come in, once that is open; before, it rejects, and the next message that needs it tries again. */
export function publishBy(inlet: () => Pick<Inlet, 'publish'> | undefined) {
  return async (topic: string, payload: Uint8Array): Promise<void> => {
    const open = inlet()
    if (!open)
      throw new ForewarnError('BROKER_UNAVAILABLE', { url: 'the broker', problem: 'it is not open yet' })
    await open.publish(topic, payload)
  }
}

/** Reads a mapping file and makes a mapper of it, which remembers in `state`. Throws MAPPING_INVALID. */
export function loadMapping(file: string, catalogue: Catalogue, state: MappingState): Mapper {
  return createMapper(readYaml(file), file, catalogue, state)
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new ForewarnError('MAPPING_INVALID', { file, path: '(file)', problem: messageOf(error) }, error)
  }
}
