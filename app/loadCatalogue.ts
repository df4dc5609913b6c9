import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type AssetType, type Catalogue, parseAssetType } from '../core/catalogue.ts'
import { ForewarnError, messageOf } from '../core/errors.ts'
import { defaultFolders } from './paths.ts'

/** Reads every `*.yaml` of the folder (empty: those that come with forewarn). Throws CATALOGUE_INVALID. */
export function loadCatalogue(folder = ''): Catalogue {
  const from = folder || defaultFolders.catalogue
  const types = yamlFiles(from).map((name) => readAssetType(join(from, name)))
  if (types.length === 0) {
    throw new ForewarnError('CATALOGUE_INVALID', {
      file: from,
      path: '(folder)',
      problem: 'there is no .yaml file in it',
    })
  }
  return new Map(types.map((type) => [type.name, type]))
}

function yamlFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
  } catch (error) {
    throw new ForewarnError(
      'CATALOGUE_INVALID',
      { file: folder, path: '(folder)', problem: messageOf(error) },
      error,
    )
  }
}

function readAssetType(file: string): AssetType {
  let content: unknown
  try {
    content = parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new ForewarnError('CATALOGUE_INVALID', { file, path: '(file)', problem: messageOf(error) }, error)
  }
  return parseAssetType(content, file)
}
