import type { FoundScore } from './check.ts'
import type { SentReading } from './journal.ts'

interface Series {
  readonly tags: Readonly<Record<string, string>>
  readonly values: readonly (readonly [number, number | null])[]
}

/** Every reading and score, asked of InfluxDB itself, past whatever stands in front of it. */
export async function influxRows(
  port: number,
  database: string,
): Promise<{ stored: SentReading[]; scores: FoundScore[] }> {
  const ask = async (query: string) => {
    const parameters = new URLSearchParams({ db: database, epoch: 'ms', q: query })
    const response = await fetch(`http://127.0.0.1:${port}/query?${parameters}`)
    const { results } = (await response.json()) as { results: { error?: string; series?: Series[] }[] }
    if (results[0]?.error !== undefined) throw new Error(results[0].error)
    return results[0]?.series ?? []
  }
  const readings = await ask('SELECT "vibration" FROM "pump" GROUP BY *')
  const scores = await ask('SELECT "failure_probability" FROM "score" WHERE "role" = \'champion\' GROUP BY *')
  return {
    stored: readings.flatMap(({ tags, values }) =>
      values.map(([time, value]) => ({ device: tags.device!, time, vibration: value ?? Number.NaN })),
    ),
    scores: scores.flatMap(({ tags, values }) =>
      values.map(([windowEnd, value]) => ({
        device: tags.device!,
        windowEnd,
        failureProbability: value ?? Number.NaN,
      })),
    ),
  }
}
