import type { Catalogue } from '../core/catalogue.ts'
import type { Mapper } from './mapping/mapped.ts'
import { compileMapping, parseMapping } from './mapping/mapping.ts'
import type { MappingState } from './mapping/state.ts'
import { createSparkplug } from './sparkplug/sparkplug.ts'

/** Makes a mapper of a parsed mapping file; `file` only words the errors. Throws MAPPING_INVALID. */
export function createMapper(
  input: unknown,
  file: string,
  catalogue: Catalogue,
  state: MappingState,
): Mapper {
  const mapping = parseMapping(input, file)
  const sparkplug = mapping.sparkplug && createSparkplug(mapping.sparkplug, file, catalogue, state)
  return compileMapping(mapping, file, catalogue, sparkplug)
}
