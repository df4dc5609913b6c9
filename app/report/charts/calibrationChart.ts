import type { Chart } from '../chart.ts'
import { colours } from '../style.ts'
import { lineChart, type Point } from './lineChart.ts'

export interface CalibrationChartOptions {
  readonly caption: string
  readonly description: string
  readonly small?: boolean | undefined
  /** What was said, 0 to 1. */
  readonly said: string
  /** What came true, 0 to 1. */
  readonly seen: string
  readonly points: readonly Point[]
}

/** Probabilities that were said beside how often it came true: on the diagonal they agree. */
export const calibrationChart = ({
  caption,
  description,
  small,
  said,
  seen,
  points,
}: CalibrationChartOptions): Chart =>
  lineChart({
    caption,
    description,
    small,
    x: { name: said, min: 0, max: 1, percent: true },
    y: { name: seen, min: 0, max: 1, percent: true },
    lines: [
      { name: 'measured', points, color: colours.main, marks: true },
      {
        name: 'ideal',
        points: [
          [0, 0],
          [1, 1],
        ],
        color: colours.truth,
        dashed: true,
      },
    ],
  })
