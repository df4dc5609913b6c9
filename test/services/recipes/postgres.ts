import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { appendFile, chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Identity, type Recipe, replies } from './recipe.ts'

const versions = '/usr/lib/postgresql'

/** Where Debian puts the servers, newest first. */
export const postgresFolders = (): string[] =>
  existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(versions, version, 'bin'))
    : []

/** PostgreSQL refuses to run as root: then it runs as the user that Debian's package makes. */
function identity(): Identity {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/**
 * StartupMessage of the protocol, version 3.0; an authentication request (`R`) comes once the server is through with
 * starting and recovering, an error (`E`) before.
 */
function startupMessage(): Buffer {
  const parameters = Buffer.from('user\0forewarn\0database\0postgres\0\0')
  const head = Buffer.alloc(8)
  head.writeInt32BE(8 + parameters.length, 0)
  head.writeInt32BE(196_608, 4)
  return Buffer.concat([head, parameters])
}

export const postgresRecipe: Recipe = {
  debianPackage: 'postgresql',
  url: (port) => `postgres://forewarn@127.0.0.1:${port}/postgres`,
  identity,
  async prepare(folder, port, settings) {
    const data = join(folder, 'data')
    if (!existsSync(data)) await initialise(folder, data, settings)
    return ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', data]
  },
  answers: (port) => replies(port, startupMessage(), 'R'),
}

async function initialise(folder: string, data: string, settings: string): Promise<void> {
  const { uid, gid } = identity()
  await mkdir(data)
  if (uid !== undefined && gid !== undefined) {
    await chown(folder, uid, gid)
    await chown(data, uid, gid)
  }
  const initdb = join(postgresFolders()[0]!, 'initdb')
  const options = ['--username=forewarn', '--auth=trust', '--encoding=UTF8', '--no-sync', '--locale=C.UTF-8']
  execFileSync(initdb, ['-D', data, ...options], { ...identity(), stdio: 'pipe' })
  await appendFile(join(data, 'postgresql.conf'), `\n${settings}\n`)
}
