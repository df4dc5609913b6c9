import { RunningMedian } from './runningMedian.ts'

/**
 * What raised an alarm: the mean deviation over its first readings. The alarm lasts as long as that deviation does,
 * whatever else has moved meanwhile: a machine that was warm, cools after the fault and stays in another state is not
 * faulty for it.
 */
export class Signature {
  private readonly mean: Float64Array
  private readonly median: RunningMedian
  private taken = 1
  private peak = 0

  constructor(
    scores: Float64Array,
    private readonly learned: number,
    persist: number,
  ) {
    this.mean = scores.slice()
    this.median = new RunningMedian(persist)
  }

  /** Readings since the onset, its own included. */
  get readings(): number {
    return this.taken
  }

  /** Share of the signature's largest extent that is left in these scores; may be negative. */
  left(scores: Float64Array): number {
    this.taken += 1
    if (this.taken <= this.learned) this.learn(scores)
    const extent = this.median.take(this.along(scores))
    this.peak = Math.max(this.peak, extent)
    return this.peak > 0 ? extent / this.peak : 0
  }

  private learn(scores: Float64Array): void {
    for (let c = 0; c < scores.length; c++) this.mean[c]! += (scores[c]! - this.mean[c]!) / this.taken
  }

  /** Projection of the scores on the signature's direction. */
  private along(scores: Float64Array): number {
    let [dot, length] = [0, 0]
    for (let c = 0; c < scores.length; c++) {
      dot += scores[c]! * this.mean[c]!
      length += this.mean[c]! ** 2
    }
    return length > 0 ? dot / Math.sqrt(length) : 0
  }
}
