import type { Room } from '../chart.ts'
import { colours } from '../style.ts'

export interface Axis {
  readonly name: string
  readonly min?: number | undefined
  readonly max?: number | undefined
  /** The greatest value on the left: time that runs down to a failure. */
  readonly inverse?: boolean | undefined
  readonly percent?: boolean | undefined
  readonly log?: boolean | undefined
  /** Counts: no mark between whole numbers. */
  readonly whole?: boolean | undefined
}

/** Room for the axes' words around the plot. */
export const gridOf = ({ narrow }: Room, legend: boolean) => ({
  left: narrow ? 44 : 56,
  right: narrow ? 12 : 20,
  top: legend ? 34 : 14,
  bottom: 44,
})

/** `areas`: names of what is drawn as an area rather than a line. */
export const legendOf = (names: readonly string[], { narrow }: Room, areas: readonly string[] = []) => ({
  data: names.map((name) => (areas.includes(name) ? { name, icon: 'roundRect' } : name)),
  top: 0,
  left: 0,
  itemWidth: 14,
  itemHeight: 8,
  itemGap: narrow ? 14 : 22,
  textStyle: { color: colours.muted, fontSize: 11 },
})

const percentOf = (value: number) => `${Math.round(100 * value)} %`

const common = ({ name, percent }: Axis) => ({
  name,
  nameLocation: 'middle' as const,
  nameTextStyle: { color: colours.muted, fontSize: 11 },
  axisLine: { lineStyle: { color: colours.grid } },
  axisTick: { show: false },
  axisLabel: {
    color: colours.muted,
    fontSize: 11,
    hideOverlap: true,
    ...(percent ? { formatter: percentOf } : {}),
  },
  splitLine: { lineStyle: { color: colours.grid } },
})

export const valueAxis = (axis: Axis, { narrow }: Room, side: 'x' | 'y') => ({
  ...common(axis),
  type: (axis.log ? 'log' : 'value') as 'log' | 'value',
  nameGap: side === 'x' ? 28 : narrow ? 32 : 42,
  splitNumber: narrow ? 4 : 6,
  ...(side === 'x' ? { splitLine: { show: false } } : {}),
  ...(axis.min === undefined ? { scale: true } : { min: axis.min }),
  ...(axis.max === undefined ? {} : { max: axis.max }),
  ...(axis.percent && axis.max === 1 ? { interval: narrow ? 0.25 : 0.2 } : {}),
  ...(axis.inverse ? { inverse: true } : {}),
  ...(axis.whole ? { minInterval: 1 } : {}),
})

export const categoryAxis = (axis: Axis, names: readonly string[], room: Room, side: 'x' | 'y') => ({
  ...valueAxis(axis, room, side),
  type: 'category' as const,
  data: [...names],
  splitLine: { show: false },
  ...(side === 'y' ? { inverse: true, axisLabel: { color: colours.text, fontSize: 11 } } : {}),
})
