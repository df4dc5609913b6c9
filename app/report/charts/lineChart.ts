import type { Chart } from '../chart.ts'
import { type Axis, gridOf, legendOf, valueAxis } from './axes.ts'

export type Point = readonly [x: number, y: number]

export interface Line {
  readonly name: string
  readonly points: readonly Point[]
  readonly color?: string | undefined
  readonly dashed?: boolean | undefined
  /** A mark at every point. */
  readonly marks?: boolean | undefined
}

export interface LineChartOptions {
  readonly caption: string
  readonly description: string
  readonly small?: boolean | undefined
  readonly x: Axis
  readonly y: Axis
  readonly lines: readonly Line[]
}

/** Lines over a common axis, with a legend where there are several. */
export function lineChart({ caption, description, small, x, y, lines }: LineChartOptions): Chart {
  const legend = lines.length > 1
  return {
    caption,
    description,
    small,
    option: (room) => ({
      grid: gridOf(room, legend),
      ...(legend
        ? {
            legend: legendOf(
              lines.map(({ name }) => name),
              room,
            ),
          }
        : {}),
      xAxis: valueAxis(x, room, 'x'),
      yAxis: valueAxis(y, room, 'y'),
      series: lines.map(seriesOf),
    }),
  }
}

export const seriesOf = ({ name, points, color, dashed, marks }: Line) => ({
  type: 'line' as const,
  name,
  data: points.map((point) => [...point]),
  showSymbol: marks === true,
  symbol: 'circle',
  symbolSize: 6,
  ...(color === undefined ? {} : { itemStyle: { color } }),
  lineStyle: {
    width: 1.8,
    ...(color === undefined ? {} : { color }),
    ...(dashed ? { type: 'dashed' as const } : {}),
  },
})
