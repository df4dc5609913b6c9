import { useMemo, useState } from 'react'
import type UPlot from 'uplot'
import type { StoredScore } from '../../api/types.ts'
import { type LifeUnit, lifeLeft, usageUnit } from '../../lib/interval.ts'
import { formatMoment } from '../../lib/time.ts'
import { calm, timeAxis, valueAxis } from './axes.ts'
import { type ChartColors, useChartColors } from './chartColors.ts'
import { type Limit, limitLine, momentLine } from './draw.ts'
import { type Gapped, laidOver, withGaps } from './gaps.ts'
import { Legend } from './Legend.tsx'
import { Plot, type PlotOptions } from './Plot.tsx'

export interface Moment {
  /** ms since the epoch. */
  readonly at: number
  readonly label: string
  /** The one that somebody has to keep to. */
  readonly deadline?: boolean
}

interface FanChartProps {
  /** Oldest first. */
  readonly scores: readonly Pick<StoredScore, 'windowEnd' | 'rul'>[]
  readonly life: LifeUnit
  /** In usage units. */
  readonly horizon: number
  readonly moments?: readonly Moment[]
  readonly height?: number
}

interface Lines {
  readonly cap: number
  readonly horizon: number
  readonly unit: string
  readonly moments: readonly Moment[]
}

/** A moment to come has its place on the chart unless it is so far off that it would squeeze what was forecast. */
function withMoments(from: number, to: number, moments: readonly Moment[]): [number, number] {
  const near = moments.map(({ at }) => at).filter((at) => at > to && at - to <= 1.5 * (to - from))
  const last = Math.max(to, ...near)
  return [from, near.length > 0 ? last + 0.12 * (last - from) : last]
}

function limits(colors: ChartColors, { cap, horizon, unit }: Lines): Limit[] {
  return [
    { at: horizon, label: `horizon ${horizon} ${unit}`, color: colors.limit },
    { at: cap, label: `cap: more than ${cap} ${unit} is not told apart`, color: colors.text },
  ]
}

function fanOptions(colors: ChartColors, lines: Lines): PlotOptions {
  const hidden: UPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } }
  return {
    ...calm,
    scales: {
      x: { time: true, range: (_plot, from, to) => withMoments(from, to, lines.moments) },
      y: { range: [0, lines.cap * 1.13] },
    },
    axes: [timeAxis(colors), valueAxis(colors, (value) => String(value))],
    series: [
      {},
      hidden,
      hidden,
      { stroke: colors.median, width: 2, points: { show: false } },
      hidden,
      hidden,
    ],
    bands: [
      { series: [5, 1], fill: colors.outer },
      { series: [4, 2], fill: colors.inner },
    ],
    hooks: {
      draw: [
        ...limits(colors, lines).map(limitLine),
        ...lines.moments.map((m) => momentLine({ ...m, color: m.deadline ? colors.risk : colors.mark })),
      ],
    },
  }
}

const columns = ['p05', 'p10', 'p50', 'p90', 'p95'] as const

const fanData = (scores: FanChartProps['scores'], gapped: Gapped): UPlot.AlignedData => [
  [...gapped.x],
  ...columns.map((c) =>
    laidOver(
      gapped,
      scores.map((s) => s.rul[c]),
    ),
  ),
]

/** Remaining useful life over time: the 90 % and 80 % interval as a fan around the median. */
export function FanChart({ scores, life, horizon, moments = [], height = 260 }: FanChartProps) {
  const colors = useChartColors()
  const [index, setIndex] = useState<number | null>(null)
  const unit = usageUnit(life.unit)
  const momentsKey = JSON.stringify(moments)
  const options = useMemo(
    () =>
      fanOptions(colors, {
        cap: life.cap,
        horizon,
        unit,
        moments: JSON.parse(momentsKey) as readonly Moment[],
      }),
    [colors, life.cap, horizon, unit, momentsKey],
  )
  const gapped = useMemo(() => withGaps(scores.map((s) => s.windowEnd)), [scores])
  const data = useMemo(() => fanData(scores, gapped), [scores, gapped])
  const shown = scores[(index === null ? null : gapped.index[index]) ?? scores.length - 1]
  return (
    <div>
      <Legend
        entries={[
          { label: '90 % interval', color: colors.outer },
          { label: '80 % interval', color: colors.inner },
          { label: 'median', color: colors.median, line: true },
        ]}
        reading={shown && `${formatMoment(shown.windowEnd)}: ${lifeLeft(shown.rul, life)}`}
      />
      <Plot
        options={options}
        data={data}
        height={height}
        label={`Remaining useful life in ${unit} over time, as an interval`}
        onCursor={setIndex}
      />
    </div>
  )
}
