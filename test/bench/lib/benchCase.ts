/** One thing that is measured, `npm run bench -- <name>`. */
export interface BenchCase {
  readonly name: string
  /** One line for --help. */
  readonly about: string
  run(context: BenchContext): AsyncIterable<Measured>
}

export interface BenchContext {
  /** Length of a timed stretch; undefined: the case's own. */
  readonly seconds: number | undefined
  /** Measure on services (InfluxDB, Mosquitto) instead of the embedded parts. */
  readonly services: boolean
  /** For whoever waits; goes to stderr. */
  progress(text: string): void
  /** A throw-away folder, removed when all cases are done. */
  folder(): Promise<string>
}

export interface Aim {
  /** A name of `figures`. */
  readonly figure: string
  readonly atLeast?: number
  readonly atMost?: number
  /** What stands in the way where the aim is missed. */
  readonly limitedBy?: string
}

export interface Measured {
  /** What tells this line from the case's others. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** With the unit in the name: messagesPerSecond, ackP99Ms, rssMb. */
  readonly figures: Readonly<Record<string, number | string | null>>
  readonly aims?: readonly Aim[]
}

/** A line as it is printed. */
export interface Line extends Measured {
  readonly case: string
  /** ISO 8601. */
  readonly at: string
  readonly machine: Machine
  readonly versions: Readonly<Record<string, string>>
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly system: string
}
