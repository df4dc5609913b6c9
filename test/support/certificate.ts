import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'

/** Node can read certificates, not write them. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

/** Like `describe`; where openssl is not installed the tests are left out under a name that says so. */
export const describeTls = (title: string, body: () => void): void => {
  if (hasOpenssl) describe(title, body)
  else describe.runIf(false)(`${title} (left out: openssl is not installed)`, body)
}

export interface Certificate {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
  remove(): void
}

/** A self-signed certificate for localhost and 127.0.0.1, with files of its own. */
export function selfSigned(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-tls-'))
  const certFile = join(folder, 'cert.pem')
  const keyFile = join(folder, 'key.pem')
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const files = ['-keyout', keyFile, '-out', certFile]
  const made = spawnSync('openssl', ['req', '-x509', '-days', '2', ...curve, ...name, ...files])
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`)
  return {
    certFile,
    keyFile,
    cert: readFileSync(certFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
