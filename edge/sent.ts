/**
 * What the publisher knows for the loss equation `sent = stored + duplicate + dead-lettered + in the log + lost`:
 * readings that the broker acknowledged, each counted once however often it travelled.
 */
export interface Sent {
  readonly total: number
  readonly byDevice: ReadonlyMap<string, number>
}

export interface SentCounter {
  /** One reading of this device was acknowledged. */
  count(device: string): void
  read(): Sent
}

export function createSentCounter(): SentCounter {
  let total = 0
  const byDevice = new Map<string, number>()
  return {
    count(device) {
      total++
      byDevice.set(device, (byDevice.get(device) ?? 0) + 1)
    },
    read: () => ({ total, byDevice: new Map(byDevice) }),
  }
}
