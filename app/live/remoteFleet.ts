import type { DeviceState } from '../../alerts/http/deps.ts'
import type { DeviceRegister, EventBus, LiveEvent } from '../../core/ports.ts'

export interface RemoteFleetParts {
  readonly register: Pick<DeviceRegister, 'list'>
  readonly bus: Pick<EventBus, 'subscribe'>
  /** The states that the score processes have posted. */
  read(): Promise<Map<string, DeviceState>>
  onProblem(error: unknown): void
}

/**
 * The latest state of every device for a process that does not score: read anew every few seconds, and moved on by live
 * changes meanwhile.
 */
export class RemoteFleet {
  private known = new Map<string, DeviceState>()
  private readonly unsubscribe: () => void

  constructor(private readonly parts: RemoteFleetParts) {
    this.unsubscribe = parts.bus.subscribe((event) => this.hear(event))
  }

  states(): ReadonlyMap<string, DeviceState> {
    return this.known
  }

  /** Never rejects: what cannot be read now stays as it was. */
  async refresh(): Promise<void> {
    const { register, read, onProblem } = this.parts
    try {
      const devices = await register.list()
      const states = await read()
      for (const { device, site, assetType, firstSeen } of devices) {
        const none = { state: 'not_scored', reason: 'no_data', since: firstSeen } as const
        if (!states.has(device)) states.set(device, { device, site, assetType, state: none })
      }
      this.known = states
    } catch (error) {
      onProblem(error)
    }
  }

  close(): void {
    this.unsubscribe()
  }

  private hear(event: LiveEvent): void {
    if (event.kind === 'device') {
      const known = this.known.get(event.device)
      if (known) this.known.set(event.device, { ...known, state: event.state })
    } else if (event.kind === 'scores') {
      for (const score of event.scores) {
        const { device, site, assetType, windowEnd } = score
        this.known.set(device, { device, site, assetType, state: { state: 'scored', windowEnd }, score })
      }
    }
  }
}
