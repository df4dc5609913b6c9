import type { Redis } from 'ioredis'
import type { DeviceState } from '../../alerts/http/deps.ts'

/** Hash: device > its latest state as JSON. */
const key = '{forewarn}:states'

export type StatesRedis = Pick<Redis, 'hset' | 'hgetall'>

/**
 * Keeps the latest state of every device where web processes find it. What could not be written is written with the
 * next round; `states` are the live ones, so that a round always writes the newest.
 */
export class StatesPoster {
  private readonly changed = new Set<string>()
  /** Devices that this process scores; it knows others, too, but nothing of their states. */
  private readonly own = new Set<string>()

  constructor(
    private readonly redis: StatesRedis,
    private readonly states: () => ReadonlyMap<string, DeviceState>,
  ) {}

  note(devices: Iterable<{ readonly device: string }>): void {
    for (const { device } of devices) {
      this.own.add(device)
      this.changed.add(device)
    }
  }

  /** A Redis that was away may have forgotten what it was told. */
  noteAll(): void {
    for (const device of this.own) this.changed.add(device)
  }

  async post(): Promise<void> {
    if (this.changed.size === 0) return
    const posted = [...this.changed]
    const states = this.states()
    const values = posted.flatMap((device) => {
      const state = states.get(device)
      return state ? [[device, JSON.stringify(state)] as const] : []
    })
    // Before it is written: what changes meanwhile is written with the next round.
    this.changed.clear()
    try {
      await this.redis.hset(key, Object.fromEntries(values))
    } catch (error) {
      for (const device of posted) this.changed.add(device)
      throw error
    }
  }
}

export async function readStates(redis: StatesRedis): Promise<Map<string, DeviceState>> {
  const all = Object.entries(await redis.hgetall(key))
  return new Map(all.map(([device, text]) => [device, JSON.parse(text) as DeviceState]))
}
