import type UPlot from 'uplot'
import { formatNumber } from '../../lib/format.ts'
import { formatClock, formatDayOfMonth, oneDay } from '../../lib/time.ts'
import type { ChartColors } from './chartColors.ts'

const font = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif'

/** Days alone, or the clock with the day below it where it changes. */
const timeLabels: UPlot.Axis.DynamicValues = (_plot, splits, _axis, _space, step) => {
  let shown = ''
  return splits.map((ms) => {
    const day = formatDayOfMonth(ms)
    if (step >= oneDay) return day
    const label = day === shown ? formatClock(ms) : `${formatClock(ms)}\n${day}`
    shown = day
    return label
  })
}

export const timeAxis = (colors: ChartColors): UPlot.Axis => ({
  stroke: colors.text,
  font,
  size: 36,
  space: 64,
  values: timeLabels,
  grid: { show: false },
  ticks: { stroke: colors.grid, width: 1, size: 4 },
})

export const valueAxis = (
  colors: ChartColors,
  format: (value: number) => string = (value) => formatNumber(value, 4),
): UPlot.Axis => ({
  stroke: colors.text,
  font,
  size: 46,
  space: 26,
  values: (_plot, splits) => splits.map(format),
  grid: { stroke: colors.grid, width: 1 },
  ticks: { show: false },
})

/** What all charts share: ms on the x axis, a crosshair, no zoom (it would swallow the page's scrolling). */
export const calm = {
  ms: 1,
  legend: { show: false },
  padding: [8, 10, 0, 0],
  cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
} satisfies Partial<UPlot.Options>
