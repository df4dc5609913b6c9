import { useMemo, useState } from 'react'
import type UPlot from 'uplot'
import type { StoredScore } from '../../api/types.ts'
import { formatProbability } from '../../lib/format.ts'
import { formatMoment } from '../../lib/time.ts'
import { calm, timeAxis, valueAxis } from './axes.ts'
import { type ChartColors, useChartColors } from './chartColors.ts'
import { limitLine } from './draw.ts'
import { laidOver, withGaps } from './gaps.ts'
import { Legend } from './Legend.tsx'
import { Plot, type PlotOptions } from './Plot.tsx'

interface ProbabilityChartProps {
  /** Oldest first. */
  readonly scores: readonly Pick<StoredScore, 'windowEnd' | 'failureProbability'>[]
  /** The policy's threshold, 0 to 1, where it is known. */
  readonly raiseAt: number | undefined
  readonly height?: number
}

const probabilityOptions = (colors: ChartColors, raiseAt: number | undefined): PlotOptions => ({
  ...calm,
  scales: { x: { time: true }, y: { range: [0, 1.04] } },
  axes: [timeAxis(colors), valueAxis(colors, (value) => `${Math.round(value * 100)} %`)],
  series: [{}, { stroke: colors.line, width: 2, fill: colors.spread, points: { show: false } }],
  hooks: {
    draw:
      raiseAt === undefined
        ? []
        : [
            limitLine({
              at: raiseAt,
              label: `threshold ${formatProbability(raiseAt)}`,
              color: colors.risk,
            }),
          ],
  },
})

/** Probability of failure within the horizon over time, against the threshold at which windows count. */
export function ProbabilityChart({ scores, raiseAt, height = 150 }: ProbabilityChartProps) {
  const colors = useChartColors()
  const [index, setIndex] = useState<number | null>(null)
  const options = useMemo(() => probabilityOptions(colors, raiseAt), [colors, raiseAt])
  const gapped = useMemo(() => withGaps(scores.map((s) => s.windowEnd)), [scores])
  const data = useMemo(
    (): UPlot.AlignedData => [
      [...gapped.x],
      laidOver(
        gapped,
        scores.map((s) => s.failureProbability),
      ),
    ],
    [scores, gapped],
  )
  const shown = scores[(index === null ? null : gapped.index[index]) ?? scores.length - 1]
  return (
    <div>
      <Legend
        entries={[{ label: 'failure within the horizon', color: colors.line, line: true }]}
        reading={shown && `${formatMoment(shown.windowEnd)}: ${formatProbability(shown.failureProbability)}`}
      />
      <Plot
        options={options}
        data={data}
        height={height}
        label="Probability of failure within the horizon over time"
        onCursor={setIndex}
      />
    </div>
  )
}
