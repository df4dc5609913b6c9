import type { Chart, Room } from '../../report/chart.ts'
import { gridOf, legendOf, valueAxis } from '../../report/charts/axes.ts'
import { type Point, seriesOf } from '../../report/charts/lineChart.ts'
import { colours } from '../../report/style.ts'
import { inFigures } from '../../report/words.ts'
import { binOf, leadBins } from './leadBins.ts'

/** Lead times of one outcome, usage units. */
export interface Leads {
  readonly name: string
  readonly color: string
  readonly values: readonly number[]
}

/** A place on the axis that has a name. */
export interface Mark {
  readonly name: string
  /** Usage units before the failure. */
  readonly at: number
}

export interface LeadChartOptions {
  readonly caption: string
  readonly description: string
  readonly unit: string
  readonly leads: readonly Leads[]
  readonly horizon: number
  /** Notice that repairs need. */
  readonly required: readonly Mark[]
}

/** Room for a legend that does not fit into one line of a phone, px. */
const twoLines = 58

/** How often failures were told how long before: a histogram stacked by outcome, over a true axis so that marks have their place. */
export function leadChart({ caption, description, unit, leads, horizon, required }: LeadChartOptions): Chart {
  const shown = leads.filter(({ values }) => values.length > 0)
  const all = shown.flatMap(({ values }) => values)
  const { width, count, labelled } = leadBins(Math.max(...all, ...required.map(({ at }) => at)), horizon)
  const counts = shown.map(({ values }) => countIn(values, width, count))
  const tops = counts.map((_, i) => sumOf(counts.slice(0, i + 1)))
  const highest = Math.max(1, ...(tops.at(-1) ?? []))
  const marks = [
    ...required.map((mark) => ({ ...mark, color: colours.muted })),
    { name: 'horizon', at: horizon, color: colours.text },
  ]
  const areas = shown.map(({ name }) => name)
  const names = [...areas, ...marks.map(({ name }) => name)]
  const x = { name: `${unit} before the failure`, min: 0, max: width * count }
  const y = { name: 'failures', min: 0, max: highest, whole: true }
  return {
    caption,
    description,
    option: (room: Room) => {
      const across = valueAxis(x, room, 'x')
      const axisLabel = { ...across.axisLabel, formatter: (value: number) => inFigures(value) }
      return {
        grid: { ...gridOf(room, true), ...(room.narrow && names.length > 4 ? { top: twoLines } : {}) },
        legend: legendOf(names, room, areas),
        xAxis: { ...across, interval: width * labelled, axisLabel },
        yAxis: valueAxis(y, room, 'y'),
        series: [
          // The highest first: each next one covers the lower part of it.
          ...shown.map(({ name, color }, i) => areaSeries(name, color, outline(tops[i]!, width))).reverse(),
          ...marks.map((mark) => ({ ...seriesOf(lineOf(mark, highest)), z: 5 })),
        ],
      }
    },
  }
}

const lineOf = ({ name, at, color }: Mark & { readonly color: string }, highest: number) => ({
  name,
  color,
  dashed: true,
  points: [
    [at, 0],
    [at, highest],
  ] as const,
})

function countIn(values: readonly number[], width: number, count: number): number[] {
  const counts = new Array<number>(count).fill(0)
  for (const value of values) counts[binOf(value, width)]! += 1
  return counts
}

const sumOf = (rows: readonly (readonly number[])[]): number[] =>
  rows[0]!.map((_, bin) => rows.reduce((sum, row) => sum + row[bin]!, 0))

/** The bars as one line that goes up, across and down. */
const outline = (tops: readonly number[], width: number): Point[] =>
  tops.flatMap((top, i): Point[] => {
    const [left, right] = [(i + 0.04) * width, (i + 0.96) * width]
    return [
      [left, 0],
      [left, top],
      [right, top],
      [right, 0],
    ]
  })

const areaSeries = (name: string, color: string, points: readonly Point[]) => ({
  type: 'line' as const,
  name,
  data: points.map((point) => [...point]),
  showSymbol: false,
  silent: true,
  lineStyle: { width: 0 },
  areaStyle: { color, opacity: 1 },
  itemStyle: { color, borderWidth: 0 },
})
