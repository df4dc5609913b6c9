import sparkplug from 'sparkplug-payload'
import type { UPayload } from 'sparkplug-payload/lib/sparkplugbpayload.js'
import type { Clock } from '../../core/clock.ts'
import type { EdgeNodeName } from '../mapping/mapped.ts'

/** An edge node is asked at most once in so long, ms: a birth takes its time, and every message meanwhile would ask. */
const patienceMs = 10_000

export interface RebirthOptions {
  readonly clock: Clock
  publish(topic: string, payload: Uint8Array): Promise<void>
  onRequested(): void
}

/** Asks edge nodes to send their births again: NCMD `Node Control/Rebirth` (Sparkplug 3.0, section 6.4.21). */
export class RebirthRequests {
  private readonly asked = new Map<string, number>()

  constructor(private readonly options: RebirthOptions) {}

  request(node: EdgeNodeName): void {
    const key = `${node.group}/${node.edge}`
    const { clock } = this.options
    const moment = clock.elapsed()
    if (moment - (this.asked.get(key) ?? Number.NEGATIVE_INFINITY) < patienceMs) return
    this.asked.set(key, moment)
    this.options.publish(`spBv1.0/${node.group}/NCMD/${node.edge}`, rebirthCommand(clock.now())).then(
      () => this.options.onRequested(),
      // not connected: the next message that cannot be understood asks again
      () => this.asked.delete(key),
    )
  }
}

function rebirthCommand(timestamp: number): Uint8Array {
  const payload: UPayload = {
    timestamp,
    metrics: [{ name: 'Node Control/Rebirth', type: 'Boolean', value: true, timestamp }],
  }
  return sparkplug.get('spBv1.0')!.encodePayload(payload)
}
