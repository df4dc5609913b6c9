import type { Chart } from '../chart.ts'
import { colours } from '../style.ts'
import { type Axis, categoryAxis, gridOf, legendOf, valueAxis } from './axes.ts'

export interface Bars {
  readonly name: string
  readonly values: readonly number[]
  readonly color?: string | undefined
  /** One a category, where the colour says what the category is. */
  readonly colors?: readonly string[] | undefined
}

export interface BarChartOptions {
  readonly caption: string
  readonly description: string
  readonly small?: boolean | undefined
  readonly categories: readonly string[]
  readonly category: Axis
  readonly value: Axis
  readonly bars: readonly Bars[]
  /** Bars that lie, for long names. */
  readonly lying?: boolean | undefined
  /** Parts of one bar a category rather than bars side by side. */
  readonly stacked?: boolean | undefined
}

/** Figures by category, several side by side or on top of each other. */
export function barChart(options: BarChartOptions): Chart {
  const { caption, description, small, categories, category, value, bars, lying, stacked } = options
  const legend = bars.length > 1
  return {
    caption,
    description,
    small,
    option: (room) => {
      const names = categoryAxis(category, categories, room, lying ? 'y' : 'x')
      const values = valueAxis({ min: 0, ...value }, room, lying ? 'x' : 'y')
      return {
        grid: { ...gridOf(room, legend), ...(lying ? { left: widest(categories) } : {}) },
        ...(legend
          ? {
              legend: legendOf(
                bars.map(({ name }) => name),
                room,
              ),
            }
          : {}),
        xAxis: lying ? values : names,
        yAxis: lying ? names : values,
        series: bars.map(({ name, values: data, color, colors }, i) => ({
          type: 'bar',
          name,
          data: colors ? data.map((value, at) => ({ value, itemStyle: { color: colors[at] } })) : [...data],
          ...(stacked ? { stack: 'whole' } : {}),
          barMaxWidth: 34,
          itemStyle: { color: color ?? (bars.length === 1 ? colours.main : colours.series[i]) },
        })),
      }
    },
  }
}

/** About how wide the longest name is, px. */
const widest = (names: readonly string[]) => 16 + 6.2 * Math.max(...names.map((name) => name.length))

export interface HistogramOptions {
  readonly caption: string
  readonly description: string
  readonly small?: boolean | undefined
  readonly values: readonly number[]
  readonly x: Axis
  readonly bins?: number | undefined
}

/** How often values fall into bins of equal width; the last bin holds the greatest value. */
export function histogram({ caption, description, small, values, x, bins = 20 }: HistogramOptions): Chart {
  const { edges, counts } = binned(values, bins)
  return barChart({
    caption,
    description,
    small,
    categories: edges.slice(0, -1).map((edge, i) => middle(edge, edges[i + 1]!)),
    category: x,
    value: { name: 'count' },
    bars: [{ name: 'count', values: counts }],
  })
}

const middle = (low: number, high: number) => String(Number(((low + high) / 2).toPrecision(3)))

export function binned(values: readonly number[], bins: number): { edges: number[]; counts: number[] } {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  // The smallest numbers there are cannot be divided further.
  const width = (high - low) / bins || 1
  const edges = Array.from({ length: bins + 1 }, (_, i) => low + i * width)
  const counts = new Array<number>(bins).fill(0)
  for (const value of values) counts[Math.min(bins - 1, Math.floor((value - low) / width))]! += 1
  return { edges, counts }
}
