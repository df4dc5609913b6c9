import type { Intake } from '../../ingest/intake.ts'

export interface Taken {
  readonly topic: string
  readonly payload: Buffer
  /** Size of the whole payload, where only its first bytes came. */
  readonly oversized?: number
}

type Outcome = { resolve(): void; reject(error: Error): void }

/** An intake that does with messages what a test says: keeps them at once, holds them, or refuses them. */
export class ScriptedIntake implements Pick<Intake, 'message' | 'oversized'> {
  /** What was handed over, repeats included, in the order of arrival. */
  readonly handed: Taken[] = []
  readonly kept: Taken[] = []
  private readonly held: Outcome[] = []
  private holding = false
  private refusal: Error | undefined

  message(topic: string, payload: Uint8Array): Promise<void> {
    return this.take({ topic, payload: Buffer.from(payload) })
  }

  oversized(topic: string, bytes: number, head: Uint8Array): Promise<void> {
    return this.take({ topic, payload: Buffer.from(head), oversized: bytes })
  }

  get waiting(): number {
    return this.held.length
  }

  texts(list: readonly Taken[] = this.kept): string[] {
    return list.map(({ payload }) => payload.toString())
  }

  hold(): void {
    this.holding = true
  }

  /** Keeps what is held, or refuses it; what comes next is kept at once. */
  release(error?: Error): void {
    this.holding = false
    for (const { resolve, reject } of this.held.splice(0)) error ? reject(error) : resolve()
  }

  /** Refuses everything with this, until called without an error. */
  refuse(error?: Error): void {
    this.refusal = error
  }

  private async take(message: Taken): Promise<void> {
    this.handed.push(message)
    if (this.refusal) throw this.refusal
    if (this.holding) await new Promise<void>((resolve, reject) => this.held.push({ resolve, reject }))
    this.kept.push(message)
  }
}
