import { connect, createServer } from 'node:net'

/** The user that a server runs as, where it refuses root. */
export interface Identity {
  readonly uid?: number
  readonly gid?: number
}

/** What differs between the servers. */
export interface Recipe {
  readonly debianPackage: string
  /** The program, where it is not named like the service. */
  readonly binary?: string
  url(port: number): string
  /** Writes what it needs into the folder and returns the arguments; called at every start. */
  prepare(folder: string, port: number, settings: string): Promise<string[]>
  answers(port: number): Promise<boolean>
  identity?(): Identity
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve((address as { port: number }).port))
    })
  })
}

/** True when the server answers `request` with something that begins with `expected`. */
export function replies(port: number, request: string | Buffer, expected: string): Promise<boolean> {
  return new Promise((resolve) => {
    let seen = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    const done = (ok: boolean) => {
      socket.destroy()
      resolve(ok)
    }
    socket.setTimeout(1000, () => done(false))
    socket.on('error', () => done(false))
    socket.on('close', () => resolve(false))
    socket.on('data', (data) => {
      seen += data.toString('latin1')
      if (seen.length >= expected.length) done(seen.startsWith(expected))
    })
  })
}
