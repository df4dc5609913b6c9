import { useMemo, useState } from 'react'
import type UPlot from 'uplot'
import { unitLabel } from '../../../../../core/unit.ts'
import { formatNumber } from '../../lib/format.ts'
import { formatMoment } from '../../lib/time.ts'
import { calm, timeAxis, valueAxis } from './axes.ts'
import { type ChartColors, useChartColors } from './chartColors.ts'
import { shadeBand } from './draw.ts'
import { type Gapped, laidOver, withGaps } from './gaps.ts'
import { Plot, type PlotOptions } from './Plot.tsx'
import classes from './TrendChart.module.css'
import { trendRange } from './trendRange.ts'

export interface TrendSeries {
  /** ms since the epoch. */
  readonly times: readonly number[]
  readonly values: readonly (number | null)[]
  /** Least and greatest value in each bucket, where the values are means. */
  readonly spread?: { readonly min: readonly number[]; readonly max: readonly number[] } | undefined
}

interface TrendChartProps {
  readonly label: string
  /** UCUM code. */
  readonly unit: string
  readonly normal: readonly [number, number] | null
  readonly series: TrendSeries
  readonly height?: number
  /** Charts with the same key share their crosshair. */
  readonly syncKey: string
}

function trendOptions(
  colors: ChartColors,
  normal: readonly [number, number] | null,
  syncKey: string,
): PlotOptions {
  return {
    ...calm,
    cursor: { ...calm.cursor, sync: { key: syncKey, setSeries: false } },
    scales: { x: { time: true }, y: { range: (_plot, low, high) => trendRange(low, high, normal) } },
    axes: [timeAxis(colors), valueAxis(colors)],
    series: [
      {},
      { stroke: colors.line, width: 1.6, points: { show: false } },
      { stroke: 'transparent', width: 0, points: { show: false } },
      { stroke: 'transparent', width: 0, points: { show: false } },
    ],
    bands: [{ series: [3, 2], fill: colors.spread }],
    hooks: { drawClear: normal ? [shadeBand(normal, colors.normal)] : [] },
  }
}

/** One channel over time, its normal band shaded; the number in its head follows the pointer. */
export function TrendChart({ label, unit, normal, series, height = 130, syncKey }: TrendChartProps) {
  const colors = useChartColors()
  const [index, setIndex] = useState<number | null>(null)
  const [low, high] = normal ?? [undefined, undefined]
  const options = useMemo(
    () => trendOptions(colors, low === undefined || high === undefined ? null : [low, high], syncKey),
    [colors, low, high, syncKey],
  )
  const gapped = useMemo(() => withGaps(series.times), [series])
  const data = useMemo(() => trendData(series, gapped), [series, gapped])
  const at = (index === null ? null : gapped.index[index]) ?? lastKnown(series.values)
  const value = series.values[at]
  return (
    <figure className={classes.trend}>
      <figcaption className={classes.caption}>
        <span className={classes.label}>{label}</span>
        <span className={classes.value}>
          {index !== null && <span className={classes.when}>{formatMoment(series.times[at] ?? 0)}</span>}
          {value === null || value === undefined ? 'missing' : formatNumber(value, 4)}{' '}
          <span className={classes.unit}>{unitLabel(unit)}</span>
        </span>
      </figcaption>
      <Plot options={options} data={data} height={height} label={`Trend of ${label}`} onCursor={setIndex} />
    </figure>
  )
}

function lastKnown(values: readonly (number | null)[]): number {
  return values.findLastIndex((v) => v !== null)
}

function trendData({ values, spread }: TrendSeries, gapped: Gapped): UPlot.AlignedData {
  const columns = [values, spread?.min ?? [], spread?.max ?? []]
  return [[...gapped.x], ...columns.map((column) => laidOver(gapped, column))]
}
