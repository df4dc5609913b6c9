import type { Catalogue } from '../core/catalogue.ts'
import type { Config } from '../core/config.ts'
import { type TelemetryContext, TelemetryDecoder } from './codec/telemetry.ts'

const dayMs = 86_400_000

/** A decoder for each asset type, and the event times that are believable. */
export class Decoding {
  private readonly decoders: ReadonlyMap<string, TelemetryDecoder>

  constructor(
    catalogue: Catalogue,
    private readonly config: Config['ingest'],
  ) {
    this.decoders = new Map([...catalogue].map(([name, type]) => [name, new TelemetryDecoder(type)]))
  }

  /** Undefined where the catalogue has no such asset type. */
  of(assetType: string): TelemetryDecoder | undefined {
    return this.decoders.get(assetType)
  }

  context({ site, device }: { site: string; device: string }, now: number): TelemetryContext {
    const { maxPastDays, maxFutureMs } = this.config
    return { site, device, receivedAt: now, oldest: now - maxPastDays * dayMs, newest: now + maxFutureMs }
  }
}
