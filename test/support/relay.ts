import { connect, createServer, type Socket } from 'node:net'

/** A TCP hop in front of a server, which a test can break: what is on its way is lost, as when a process is killed. */
export interface Relay {
  readonly port: number
  /** Cuts every connection. */
  cut(): void
  /** Cuts every connection and lets none through until `mend`. */
  interrupt(): void
  mend(): void
  close(): Promise<void>
}

export async function startRelay(to: number): Promise<Relay> {
  const sockets = new Set<Socket>()
  let open = true
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
    if (!open) near.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as { port: number }).port,
    cut,
    interrupt: () => {
      open = false
      cut()
    },
    mend: () => {
      open = true
    },
    close: () => {
      cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
