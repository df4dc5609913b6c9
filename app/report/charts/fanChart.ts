import type { Chart } from '../chart.ts'
import { colours } from '../style.ts'
import { type Axis, gridOf, legendOf, valueAxis } from './axes.ts'
import { type Point, seriesOf } from './lineChart.ts'

/** A band between two curves over the same places. */
export interface Band {
  readonly name: string
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly color: string
}

export interface FanChartOptions {
  readonly caption: string
  readonly description: string
  readonly small?: boolean | undefined
  readonly x: Axis
  readonly y: Axis
  readonly at: readonly number[]
  /** The widest first: later ones lie on top. */
  readonly bands: readonly Band[]
  readonly median: readonly number[]
  readonly medianName: string
  readonly truth: readonly number[]
  readonly truthName: string
}

/** A forecast's intervals, its median and what came true. */
export function fanChart(options: FanChartOptions): Chart {
  const { caption, description, small, x, y, at, bands, median, medianName, truth, truthName } = options
  const points = (values: readonly number[]): Point[] => at.map((place, i) => [place, values[i]!])
  const lines = [
    { name: medianName, points: points(median), color: colours.main },
    { name: truthName, points: points(truth), color: colours.truth, dashed: true },
  ]
  return {
    caption,
    description,
    small,
    option: (room) => ({
      grid: gridOf(room, true),
      legend: legendOf(
        [...bands, ...lines].map(({ name }) => name),
        room,
        bands.map(({ name }) => name),
      ),
      xAxis: valueAxis(x, room, 'x'),
      yAxis: valueAxis(y, room, 'y'),
      series: [
        ...bands.flatMap((band, i) => bandSeries(band, points, `band ${i}`)),
        ...lines.map((line) => ({ ...seriesOf(line), z: 5 })),
      ],
    }),
  }
}

/** An area has no lower edge of its own: it is stacked upon an invisible line. */
function bandSeries(
  { name, low, high, color }: Band,
  points: (values: readonly number[]) => Point[],
  stack: string,
) {
  const plain = { type: 'line' as const, stack, showSymbol: false, lineStyle: { opacity: 0 }, silent: true }
  return [
    { ...plain, name: `${name} from`, data: points(low) },
    {
      ...plain,
      name,
      data: points(high.map((value, i) => value - low[i]!)),
      areaStyle: { color, opacity: 1 },
      itemStyle: { color, borderWidth: 0 },
    },
  ]
}
