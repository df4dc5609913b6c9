import { cpus } from 'node:os'
import type { BenchCase, BenchContext, Measured } from '../lib/benchCase.ts'
import { startForewarnOnInflux, stride } from '../subjects/forewarn.ts'
import { installNodeRed, nodeRedVersions, startNodeRed } from '../subjects/nodeRed.ts'
import type { NodeRedWay } from '../subjects/nodeRedFlow.ts'
import type { Subject } from '../subjects/subject.ts'
import { cpuMicroseconds, figuresOf, sustainable } from '../subjects/sustainable.ts'
import { inWords, tryRate } from '../subjects/trial.ts'

const connections = 50
const twiceSeconds = 20
const aimedTimes = 15

const versionsInWords = Object.entries(nodeRedVersions)
  .map(([name, version]) => `${name} ${version}`)
  .join(', ')

interface Side {
  readonly rate: number
  /** Where all processes together would fill the machine, messages a second. */
  readonly ceiling: number
  readonly figures: Measured['figures']
}

/** The same publisher and the same Mosquitto into InfluxDB, through Node-RED and through forewarn, one after the other. */
export const peer: BenchCase = {
  name: 'peer',
  about: 'the highest rate stored whole, and the share stored at twice that, beside Node-RED',
  async *run(context) {
    const folder = await context.folder()
    context.progress('peer: installing Node-RED')
    await installNodeRed(folder)
    const rates = new Map<NodeRedWay, number>()
    for (const way of ['out', 'batch'] as const) {
      context.progress(`peer: Node-RED, influxdb ${way}`)
      const side = await measure(context, await startNodeRed(folder, way), 1_000)
      rates.set(way, side.rate)
      yield {
        settings: { system: 'Node-RED', way: `influxdb ${way}`, connections },
        figures: { ...side.figures, versions: versionsInWords },
      }
    }
    context.progress('peer: forewarn')
    const forewarn = await startForewarnOnInflux(await context.folder(), 'mosquitto')
    yield beside(await measure(context, forewarn, 20_000), rates)
  },
}

async function measure(context: BenchContext, subject: Subject, start: number): Promise<Side> {
  try {
    const seconds = context.seconds ?? 20
    const highest = await sustainable(context, subject, { connections, seconds, start })
    const rate = highest.rate!
    const twice = await tryRate(subject, {
      connections,
      rate: 2 * rate,
      seconds: Math.min(twiceSeconds, seconds),
    })
    context.progress(inWords(twice))
    const ceiling = (cpus().length * 1e6) / cpuMicroseconds(highest)
    return {
      rate,
      ceiling,
      figures: {
        ...figuresOf(highest),
        acknowledgedAtTwice: twice.load.acknowledged,
        shareStoredAtTwice: Number((twice.stored / twice.load.acknowledged).toFixed(3)),
        catchUpSecondsAtTwice: twice.catchUpSeconds,
      },
    }
  } finally {
    await subject.close()
  }
}

function beside({ rate, ceiling, figures }: Side, nodeRed: ReadonlyMap<NodeRedWay, number>): Measured {
  const times = (way: NodeRedWay) => Number((rate / nodeRed.get(way)!).toFixed(1))
  return {
    settings: { system: 'forewarn', way: `scored every ${stride}`, connections },
    figures: { ...figures, timesNodeRed: times('out'), timesNodeRedBatch: times('batch') },
    aims: [
      {
        figure: 'timesNodeRed',
        atLeast: aimedTimes,
        limitedBy: `publisher, Mosquitto, forewarn and InfluxDB together fill the machine at ${Math.round(ceiling).toLocaleString('en-US')} messages a second`,
      },
      { figure: 'shareStoredAtTwice', atLeast: 1 },
    ],
  }
}
