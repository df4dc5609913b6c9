/**
 * Adam (Kingma & Ba 2015) on plain numbers: a network of a few thousand weights is moved faster so than by a dozen
 * tensor operations a layer.
 */
export class Adam {
  private readonly first: Float32Array
  private readonly second: Float32Array
  private steps = 0

  constructor(
    private readonly weights: Float32Array,
    private readonly decay = { first: 0.9, second: 0.999 },
  ) {
    this.first = new Float32Array(weights.length)
    this.second = new Float32Array(weights.length)
  }

  /** Moves every weight against its gradient, by about `rate` at most. */
  step(gradient: Float32Array, rate: number): void {
    const { weights, first, second, decay } = this
    this.steps += 1
    const scaleFirst = 1 / (1 - decay.first ** this.steps)
    const scaleSecond = 1 / (1 - decay.second ** this.steps)
    for (let i = 0; i < weights.length; i++) {
      const slope = gradient[i]!
      first[i] = decay.first * first[i]! + (1 - decay.first) * slope
      second[i] = decay.second * second[i]! + (1 - decay.second) * slope * slope
      weights[i]! -= (rate * first[i]! * scaleFirst) / (Math.sqrt(second[i]! * scaleSecond) + 1e-7)
    }
  }
}
