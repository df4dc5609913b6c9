import type { Redis } from 'ioredis'
import { readInfo } from './facts.ts'

/** Runs a write on the client it was made for, and resolves to its result. */
export type Write = <T>(work: () => Promise<T>) => Promise<T>

const patienceMs = 2_000

/**
 * Writes that survive a failover. A master answers before its replicas have a write; if it dies then, Sentinel makes
 * a replica the master that never saw it. So every write is followed by WAIT (https://redis.io/commands/wait) for one
 * replica, on the same connection: on another one WAIT would speak of other writes. Where no replica is connected, and
 * the server takes writes all the same, there is nobody to wait for.
 * Rejects when no replica confirms; the write may have its effect all the same, so it has to be repeatable.
 */
export function replicatedWrites(client: Redis): Write {
  let connection = 0
  client.on('close', () => connection++)
  return async (work) => {
    const before = connection
    const result = await work()
    const confirmed = await client.wait(1, patienceMs)
    if (connection !== before) throw new Error('the connection broke before a replica had it')
    if (confirmed === 0 && (await hasReplica(client))) throw new Error('no replica has it yet')
    return result
  }
}

async function hasReplica(client: Redis): Promise<boolean> {
  const { replicas, needsReplica } = readInfo(await client.info('replication'))
  return replicas > 0 || needsReplica
}
