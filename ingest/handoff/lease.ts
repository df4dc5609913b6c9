import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import { asHandoff } from './streams.ts'

export type LeaseRedis = Pick<Redis, 'set' | 'get' | 'eval'>

export interface LeaseOptions {
  readonly redis: LeaseRedis
  /** worker.share as text, `1/2`. */
  readonly share: string
  /** worker.name of whoever wants it. */
  readonly holder: string
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Told once when somebody else has it, so that waiting is not silent. */
  onWaiting(error: ForewarnError): void
  /** Somebody else has it now: two would score the same devices. */
  onLost(error: ForewarnError): void
}

export interface Lease {
  release(): Promise<void>
}

/** A holder that has not renewed for so long is gone, ms. */
const ttlMs = 10_000
const renewMs = 2_500

const keyOf = (share: string) => `{forewarn}:share:${share}`
/** Compare and set (or delete) in one step, so that nobody touches a lease that has just changed hands. */
const renewScript = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end`
const releaseScript = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`

/**
 * Waits until this process alone has the share, and keeps it. A process of the same name takes over at once: it is the
 * same one started again, and the earlier one, should it still run, hears so through `onLost`.
 */
export async function takeLease(options: LeaseOptions): Promise<Lease> {
  const { redis, share, holder, clock, signal } = options
  const key = keyOf(share)
  const token = `${holder} ${randomUUID()}`
  for (let told = false; !signal.aborted; told = true) {
    const before = await acquire(redis, key, token, holder)
    if (before === undefined) break
    if (!told) options.onWaiting(taken(share, before))
    await clock.sleep(renewMs, signal)
  }
  const ended = new AbortController()
  const renewing = keepAlive(options, key, token, ended.signal)
  return {
    async release() {
      ended.abort()
      await renewing
      await asHandoff(redis.eval(releaseScript, 1, key, token)).catch(() => undefined)
    },
  }
}

/** Undefined once the lease is ours, else who has it. */
async function acquire(
  redis: LeaseRedis,
  key: string,
  token: string,
  holder: string,
): Promise<string | undefined> {
  if (await asHandoff(redis.set(key, token, 'PX', ttlMs, 'NX'))) return undefined
  const before = (await asHandoff(redis.get(key)))?.split(' ', 1)[0]
  if (before !== undefined && before !== holder) return before
  await asHandoff(redis.set(key, token, 'PX', ttlMs))
  return undefined
}

async function keepAlive(options: LeaseOptions, key: string, token: string, signal: AbortSignal) {
  const { redis, clock, share, holder, onLost } = options
  for (;;) {
    await clock.sleep(renewMs, signal)
    if (signal.aborted) return
    // Redis away: nobody can take it meanwhile
    const renewed = await redis.eval(renewScript, 1, key, token, ttlMs).catch(() => 1)
    if (renewed === 1) continue
    // it ran out while Redis was away, or Redis has forgotten it: taken again unless somebody else was quicker
    if (await redis.set(key, token, 'PX', ttlMs, 'NX').catch(() => 'OK')) continue
    const now = (await redis.get(key).catch(() => null)) ?? ''
    return onLost(taken(share, now.split(' ', 1)[0] === holder ? `another ${holder}` : now.split(' ', 1)[0]!))
  }
}

const taken = (share: string, holder: string) => new ForewarnError('SHARE_TAKEN', { share, holder })
