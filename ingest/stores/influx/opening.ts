import type { Catalogue } from '../../../core/catalogue.ts'
import type { OnNotice } from '../store.ts'
import { misconfigured } from './answers.ts'
import type { InfluxClient } from './client.ts'
import { newestTimes } from './reads.ts'
import type { Opened } from './rollups/loop.ts'
import { placesOf, prepare } from './setup/setup.ts'

/** Makes an InfluxDB ready in two steps, each once and by one caller at a time, until it is to be done anew. */
export class Opening {
  private readonly client: InfluxClient
  private readonly catalogue: Catalogue
  private readonly retentionDays: number
  private readonly notice: OnNotice
  private preparing: Promise<number> | undefined
  private opening: Promise<Opened> | undefined

  constructor(client: InfluxClient, catalogue: Catalogue, retentionDays: number, notice: OnNotice) {
    this.client = client
    this.catalogue = catalogue
    this.retentionDays = retentionDays
    this.notice = once(notice)
  }

  /** The places are there. Returns how long raw readings are kept, ms. */
  prepare(): Promise<number> {
    this.preparing ??= this.prepareAnew()
    return this.preparing
  }

  /** As `prepare`, and the newest reading of every device is known. */
  open(): Promise<Opened> {
    if (!this.opening) {
      const opening = this.read()
      opening.catch(() => {
        if (this.opening === opening) this.opening = undefined
      })
      this.opening = opening
    }
    return this.opening
  }

  /** Prepared again, although it was: a place that someone removed meanwhile is made again. */
  async prepareAgain(): Promise<void> {
    this.preparing = undefined
    await this.prepare()
  }

  /** Whether it answers and lets us in now (`/ping` asks for no password on 1.x and 2.x); at first it is prepared. */
  async look(): Promise<void> {
    if (!this.preparing) return void (await this.prepare())
    const { bucket } = this.client.place
    const places = await placesOf(this.client)
    if (!(await places.find(bucket)))
      throw misconfigured(`${bucket} is not there any more, or not ours to see`)
  }

  forget(): void {
    this.preparing = undefined
    this.opening = undefined
    this.client.forget()
  }

  private prepareAnew(): Promise<number> {
    const preparing = prepare(this.client, this.retentionDays, this.notice)
    preparing.catch(() => {
      // What answered may be another server by the next try.
      this.client.forget()
      if (this.preparing === preparing) this.preparing = undefined
    })
    return preparing
  }

  private async read(): Promise<Opened> {
    const retentionMs = await this.prepare()
    const found = new Map<string, Map<string, number>>()
    for (const assetType of this.catalogue.keys()) {
      found.set(assetType, await newestTimes(this.client, assetType))
    }
    return { newest: found, retentionMs }
  }
}

/** Tells each thing once, however often it is tried. */
function once(notice: OnNotice): OnNotice {
  const told = new Set<string>()
  return (one) => {
    if (told.has(one.detail)) return
    told.add(one.detail)
    notice(one)
  }
}
