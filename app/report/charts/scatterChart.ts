import type { Chart } from '../chart.ts'
import { colours } from '../style.ts'
import { type Axis, gridOf, valueAxis } from './axes.ts'
import { type Point, seriesOf } from './lineChart.ts'

export interface ScatterChartOptions {
  readonly caption: string
  readonly description: string
  readonly small?: boolean | undefined
  readonly x: Axis
  readonly y: Axis
  readonly points: readonly Point[]
  /** Where the points ought to lie. */
  readonly ideal?: readonly Point[] | undefined
}

/** More points than this say nothing more, and make a heavy page. */
const mostPoints = { wide: 1500, narrow: 600 }

/** Single outcomes; very many are thinned evenly. */
export function scatterChart({
  caption,
  description,
  small,
  x,
  y,
  points,
  ideal,
}: ScatterChartOptions): Chart {
  return {
    caption,
    description,
    small,
    option: (room) => ({
      grid: gridOf(room, false),
      xAxis: valueAxis(x, room, 'x'),
      yAxis: valueAxis(y, room, 'y'),
      series: [
        {
          type: 'scatter',
          data: thinned(points, room.narrow ? mostPoints.narrow : mostPoints.wide),
          symbolSize: room.narrow ? 3 : 4,
          itemStyle: { color: colours.main, opacity: 0.4 },
        },
        ...(ideal ? [seriesOf({ name: 'ideal', points: ideal, color: colours.truth, dashed: true })] : []),
      ],
    }),
  }
}

function thinned(points: readonly Point[], most: number): number[][] {
  const stride = Math.max(1, points.length / most)
  const count = Math.min(points.length, most)
  return Array.from({ length: count }, (_, i) => [...points[Math.floor(i * stride)]!])
}
