import type { Line } from '../lib/benchCase.ts'
import { type BarChart, barChart } from './barChart.ts'
import { settingsWords, tellingSettings } from './words.ts'

interface Plan extends Pick<BarChart, 'title' | 'unit' | 'aim'> {
  readonly case: string
  /** Figures that are drawn, and what they are called. */
  readonly bars: Readonly<Record<string, string>>
}

const plans: readonly Plan[] = [
  {
    case: 'ingest',
    title: 'Messages a second, durable, beside a broker with nothing behind it',
    unit: 'msg/s',
    bars: { messagesPerSecond: 'forewarn', bareMessagesPerSecond: 'bare broker' },
  },
  {
    case: 'latency',
    title: 'From a reading published to its ticket committed',
    unit: 'ms',
    bars: { publishToTicketP50Ms: 'p50', publishToTicketP99Ms: 'p99' },
    aim: { label: 'aim for p99:', value: 1_000 },
  },
  {
    case: 'peer',
    title: 'Highest rate into InfluxDB that is stored whole',
    unit: 'msg/s',
    bars: { messagesPerSecond: 'stored whole' },
  },
]

/** A case's chart as SVG; undefined where there is none for it. */
export function chartOf(name: string, lines: readonly Line[]): string | undefined {
  const plan = plans.find((p) => p.case === name)
  if (!plan) return undefined
  const groups = groupsOf(plan, lines)
  return groups.length === 0 ? undefined : barChart({ ...plan, groups })
}

function groupsOf({ bars }: Plan, lines: readonly Line[]) {
  const names = Object.keys(bars)
  const drawn = lines.filter(({ figures }) => names.some((name) => typeof figures[name] === 'number'))
  const telling = tellingSettings(drawn)
  return drawn.map(({ settings, figures }) => ({
    label: settingsWords(settings, telling),
    bars: names.flatMap((name) => {
      const value = figures[name]
      return typeof value === 'number' ? [{ label: bars[name]!, value }] : []
    }),
  }))
}
