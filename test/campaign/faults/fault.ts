import type { Random } from '../../../edge/simulator/random.ts'
import type { Sent } from '../journal.ts'
import type { Plant } from '../plant.ts'

/** What a fault has to work with, in one round. */
export interface Scene<P extends Plant> {
  readonly plant: P
  readonly random: Random
  /** Whether a fault of this round explains that a process ends with an error. */
  readonly mayEnd: boolean
  /** Waits between so many ms, drawn by the seed. */
  pause(from: number, to: number): Promise<void>
  /** Has devices of the fault's own publish, on a connection of their own; about `perSecond`. */
  publish(messages: readonly Sent[], perSecond?: number): void
  /** Devices send what was acknowledged in the last seconds once more. */
  sendLastAgain(): void
  /** Something that should not have been: fails the round. */
  problem(text: string): void
}

/** One of the process may meet one of its surroundings; one that is `alone` meets neither; devices meet them all. */
export type FaultClass = 'process' | 'surroundings' | 'alone' | 'device'

/** One way in which the world treats an installation badly. It has healed everything when `run` resolves. */
export interface Fault<P extends Plant> {
  readonly kind: string
  /** One line for --help. */
  readonly about: string
  readonly class: FaultClass
  /** False where this system or this installation cannot have it. */
  isPossible?(plant: P): boolean
  /**
   * Under it a process may end by itself, with an error that it names, or one that starts may give up; a supervisor
   * starts it again.
   */
  readonly mayEnd?: 'any time' | 'at start'
  run(scene: Scene<P>): Promise<void>
}
