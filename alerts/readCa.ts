import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { ForewarnError, messageOf } from '../core/errors.ts'

/**
 * The PEM certificates that a service's own certificate is checked against; undefined where no file is set: then Node's
 * list counts.
 * @param path the configuration key that names the file, for the error
 * Throws CONFIG_INVALID where it cannot be read, or is set although the URL speaks no TLS.
 */
export function readCa(path: string, file: string, tls: boolean): string | undefined {
  if (!file) return undefined
  const invalid = (problem: string) =>
    new ForewarnError('CONFIG_INVALID', { path, problem, source: 'forewarn.yaml or the environment' })
  if (!tls) throw invalid('it is set, but the URL beside it does not ask for TLS')
  try {
    const ca = readFileSync(file, 'utf8')
    createSecureContext({ ca })
    if (ca.includes('-----BEGIN CERTIFICATE-----')) return ca
  } catch (error) {
    throw invalid(`${file} cannot be read as PEM certificates (${messageOf(error)})`)
  }
  throw invalid(`${file} holds no PEM certificate`)
}
