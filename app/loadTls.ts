import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Config } from '../core/config.ts'
import { ForewarnError, messageOf } from '../core/errors.ts'
import type { TlsPair } from '../core/tls.ts'

type Section = 'http' | 'mqtt'

/** What a section's TLS files hold, checked; nothing where it has none. Throws CONFIG_INVALID that names the key. */
export function loadTls(config: Config, section: Section): TlsPair | undefined {
  const { tlsCert, tlsKey } = config[section]
  if (!tlsCert || !tlsKey) return undefined
  const cert = attempt(`${section}.tlsCert`, tlsCert, 'cannot be read', (file) => readFileSync(file, 'utf8'))
  const key = attempt(`${section}.tlsKey`, tlsKey, 'cannot be read', (file) => readFileSync(file, 'utf8'))
  attempt(`${section}.tlsCert`, tlsCert, 'is no PEM certificate', () => createSecureContext({ cert }))
  attempt(`${section}.tlsKey`, tlsKey, 'is no key of that certificate', () =>
    createSecureContext({ cert, key }),
  )
  return { cert, key }
}

function attempt<T>(path: string, file: string, problem: string, work: (file: string) => T): T {
  try {
    return work(file)
  } catch (error) {
    const details = {
      path,
      problem: `${file} ${problem} (${messageOf(error)})`,
      source: 'forewarn.yaml or the environment',
    }
    throw new ForewarnError('CONFIG_INVALID', details, error)
  }
}
