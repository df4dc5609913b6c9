import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Clock } from '../../core/clock.ts'
import type { ForewarnError } from '../../core/errors.ts'
import { asHandoff } from './streams.ts'

export type LeaseRedis = Pick<Redis, 'eval'>

export interface LeaseOptions {
  readonly redis: LeaseRedis
  /** What is held, such as `share:1/2`. */
  readonly what: string
  /** Who wants it, without spaces. The same holder is the same process started again and takes over at once. */
  readonly holder: string
  /** What all leases of a kind have to agree on: the number of shares. One that disagrees waits. */
  readonly agreement?: { readonly on: string; readonly value: string }
  readonly clock: Clock
  /** Ends the waiting, which then rejects. */
  readonly signal: AbortSignal
  /** How long somebody else is waited for, ms; for ever by default. */
  readonly patienceMs?: number
  /** That somebody else has it, in words. */
  taken(holder: string): ForewarnError
  /** Told once when somebody else has it, so that waiting is not silent. */
  onWaiting(error: ForewarnError): void
  /** Somebody else has it now: two would do the same work. */
  onLost(error: ForewarnError): void
}

export interface Lease {
  release(): Promise<void>
}

/** A holder that has not renewed for so long is gone, ms. */
const ttlMs = 10_000
const renewMs = 2_500

/** Every step is one script, so that nobody touches a lease that has just changed hands. */
const acquireScript = `
local agreed = redis.call('get', KEYS[2])
if agreed and ARGV[4] ~= '' and agreed ~= ARGV[4] then return 'those who agreed on ' .. agreed end
local now = redis.call('get', KEYS[1])
if now and string.sub(now, 1, #ARGV[2] + 1) ~= ARGV[2] .. ' ' then return string.match(now, '^[^ ]*') end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[3])
if ARGV[4] ~= '' then redis.call('set', KEYS[2], ARGV[4], 'PX', ARGV[3]) end
return ''`
/** Ours, or forgotten by a Redis that was away: then it is taken again. */
const renewScript = `
local now = redis.call('get', KEYS[1])
if now and now ~= ARGV[1] then return string.match(now, '^[^ ]*') end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
if ARGV[3] ~= '' then redis.call('set', KEYS[2], ARGV[3], 'PX', ARGV[2]) end
return ''`
const releaseScript = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`

/** Waits until this process alone holds it, and keeps it. Throws HANDOFF_UNAVAILABLE, or that it is taken. */
export async function takeLease(options: LeaseOptions): Promise<Lease> {
  const held = new Held(options)
  await held.acquire()
  const ended = new AbortController()
  const renewing = held.keep(ended.signal)
  return {
    async release() {
      ended.abort()
      await renewing
      await held.release()
    },
  }
}

class Held {
  private readonly keys: [number, string, string]
  private readonly token: string
  private readonly agreed: string

  constructor(private readonly options: LeaseOptions) {
    const { what, agreement, holder } = options
    this.keys = [2, `{forewarn}:lease:${what}`, `{forewarn}:agreed:${agreement?.on ?? ''}`]
    this.agreed = agreement?.value ?? ''
    this.token = `${holder} ${randomUUID()}`
  }

  async acquire(): Promise<void> {
    const { clock, signal, patienceMs = Number.POSITIVE_INFINITY, taken, onWaiting } = this.options
    const begun = clock.elapsed()
    let told = false
    while (!signal.aborted) {
      const other = await this.tryOnce(told)
      if (other === '') return
      if (clock.elapsed() - begun >= patienceMs) throw taken(other)
      if (!told) onWaiting(taken(other))
      told = true
      await clock.sleep(renewMs, signal)
    }
    throw taken('somebody else')
  }

  /** Who has it, empty where we do now. A Redis that goes away while we wait is waited for as well. */
  private async tryOnce(waiting: boolean): Promise<string> {
    const { redis, holder } = this.options
    try {
      const work = redis.eval(acquireScript, ...this.keys, this.token, holder, ttlMs, this.agreed)
      return String(await asHandoff(work))
    } catch (error) {
      if (waiting) return 'somebody'
      throw error
    }
  }

  async keep(signal: AbortSignal): Promise<void> {
    const { redis, clock, taken, onLost } = this.options
    for (;;) {
      await clock.sleep(renewMs, signal)
      if (signal.aborted) return
      // Redis away: nobody can take it meanwhile
      const work = redis.eval(renewScript, ...this.keys, this.token, ttlMs, this.agreed)
      const other = String(await work.catch(() => ''))
      if (other !== '') return onLost(taken(other))
    }
  }

  async release(): Promise<void> {
    const [, key] = this.keys
    await asHandoff(this.options.redis.eval(releaseScript, 1, key, this.token)).catch(() => undefined)
  }
}
