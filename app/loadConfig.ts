import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { type Config, parseConfig } from '../core/config.ts'
import { ForewarnError, messageOf } from '../core/errors.ts'

const usualFile = 'forewarn.yaml'

/**
 * The config from a YAML file (`forewarn.yaml` where none is named, and only if it is there), the environment over it.
 * Throws CONFIG_INVALID.
 */
export function loadConfig(file?: string, env: NodeJS.ProcessEnv = process.env): Config {
  const name = file ?? usualFile
  if (file === undefined && !existsSync(usualFile)) return parseConfig({}, env, 'the environment')
  return parseConfig(readYaml(name), env, name)
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new ForewarnError(
      'CONFIG_INVALID',
      { path: '(file)', problem: messageOf(error), source: file },
      error,
    )
  }
}
