import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Settings that keep people out, with the files that they name. */
export interface Guarded {
  readonly settings: string
  readonly folder: string
  remove(): void
}

/** Nobody without this name and password. */
export function withPassword(user: string, password: string): Guarded {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-users-'))
  const file = join(folder, 'passwords')
  const made = spawnSync('mosquitto_passwd', ['-b', '-c', file, user, password])
  if (made.status !== 0) throw new Error(`mosquitto_passwd: ${made.stderr ?? made.error}`)
  return {
    settings: `allow_anonymous false\npassword_file ${file}`,
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The example of docs/brokers.md, with files of our own and without what the harness sets. */
export function asDocumented(user: string, password: string): Guarded {
  const guide = readFileSync(new URL('../../docs/brokers.md', import.meta.url), 'utf8')
  const [conf, rights] = [...guide.matchAll(/```conf\n(.*?)```/gs)].map((match) => match[1]!)
  const { settings, folder, remove } = withPassword(user, password)
  const rightsFile = join(folder, 'rights')
  writeFileSync(rightsFile, rights!)
  const ours = /^(#|listener|certfile|keyfile|allow_anonymous|password_file|acl_file|persistence)/
  const example = conf!.split('\n').filter((line) => !ours.test(line))
  return { settings: [...example, settings, `acl_file ${rightsFile}`].join('\n'), folder, remove }
}

/** Everybody may come and publish, nobody may subscribe. */
export function withoutSubscribing(): Guarded {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-rights-'))
  const file = join(folder, 'rights.json')
  const may = { publishClientSend: true, publishClientReceive: true, subscribe: false, unsubscribe: true }
  writeFileSync(file, JSON.stringify({ defaultACLAccess: may, clients: [], groups: [], roles: [] }))
  return {
    settings: `plugin ${securityPlugin()}\nplugin_opt_config_file ${file}`,
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Debian keeps it in a folder named after the machine. */
function securityPlugin(): string {
  const name = 'mosquitto_dynamic_security.so'
  const folders = readdirSync('/usr/lib').map((folder) => join('/usr/lib', folder, name))
  const found = folders.find(existsSync)
  if (!found) throw new Error(`${name} is not below /usr/lib; it comes with the package mosquitto`)
  return found
}
