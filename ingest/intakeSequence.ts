import type { DecodedReading } from './codec/telemetry.ts'
import type { StatsCounter } from './intakeStats.ts'

interface Last {
  seq: number
  time: number
  boot: string | undefined
}

/**
 * Watches the message counters. It measures and decides nothing: identity is (device, time). A counter that goes back
 * while the event time goes on is a reboot; one that goes back together with the time is a late or repeated message.
 */
export class SequenceWatch {
  private readonly last = new Map<string, Last>()

  constructor(private readonly counter: Pick<StatsCounter, 'seqGaps' | 'reboots'>) {}

  watch(device: string, readings: readonly DecodedReading[]): void {
    for (const { seq, time, boot } of readings) {
      if (Number.isNaN(seq) && boot === undefined) continue
      const last = this.last.get(device)
      if (!last) this.last.set(device, { seq, time, boot })
      else this.follow(last, seq, time, boot)
    }
  }

  private follow(last: Last, seq: number, time: number, boot: string | undefined): void {
    if (time <= last.time) return
    const rebooted = boot !== last.boot || seq < last.seq
    if (rebooted) this.counter.reboots++
    else if (seq > last.seq + 1) this.counter.seqGaps += seq - last.seq - 1
    last.seq = seq
    last.time = time
    last.boot = boot
  }
}
