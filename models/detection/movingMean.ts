/** Mean of the newest readings, channel by channel; of all there are while there are fewer. */
export class MovingMean {
  private readonly ring: Float64Array[]
  private count = 0

  constructor(
    private readonly over: number,
    private readonly channels: number,
  ) {
    this.ring = Array.from({ length: over }, () => new Float64Array(channels))
  }

  /** Takes one reading and returns the mean: a new array. */
  take(reading: ArrayLike<number>): Float64Array {
    this.ring[this.count % this.over]!.set(reading)
    this.count += 1
    const held = Math.min(this.count, this.over)
    // Summed anew for every reading: a running sum would carry its rounding errors along.
    const mean = new Float64Array(this.channels)
    for (let i = 0; i < held; i++) for (let c = 0; c < this.channels; c++) mean[c]! += this.ring[i]![c]!
    return mean.map((sum) => sum / held)
  }
}
