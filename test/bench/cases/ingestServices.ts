import type { BenchContext, Measured } from '../lib/benchCase.ts'
import { startForewarnOnInflux, stride } from '../subjects/forewarn.ts'
import { figuresOf, sustainable } from '../subjects/sustainable.ts'

const brokers = ['embedded', 'mosquitto'] as const
const start = 20_000

/**
 * Into InfluxDB, from the own broker and from a Mosquitto: the highest rate at which no more than a second of the input
 * is on its way at the end, and then that rate for the whole time.
 */
export async function* ingestServices(context: BenchContext): AsyncIterable<Measured> {
  for (const broker of brokers)
    for (const connections of [50, 1_000]) yield await measure(context, broker, connections)
}

async function measure(
  context: BenchContext,
  broker: (typeof brokers)[number],
  connections: number,
): Promise<Measured> {
  const seconds = context.seconds ?? 60
  context.progress(`ingest into InfluxDB from ${broker}: ${connections} connections`)
  const forewarn = await startForewarnOnInflux(await context.folder(), broker)
  try {
    const trial = await sustainable(context, forewarn, { connections, seconds, start })
    return {
      settings: { store: 'influxdb', broker, connections, seconds, stride },
      figures: figuresOf(trial),
      aims: [
        { figure: 'backlogSeconds', atMost: 1 },
        { figure: 'lost', atMost: 0 },
      ],
    }
  } finally {
    await forewarn.close()
  }
}
