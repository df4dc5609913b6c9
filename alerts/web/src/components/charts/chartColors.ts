import { useComputedColorScheme } from '@mantine/core'

/** Colours of the charts: a canvas knows no CSS variables. */
export interface ChartColors {
  readonly text: string
  readonly grid: string
  readonly line: string
  readonly spread: string
  readonly normal: string
  readonly outer: string
  readonly inner: string
  readonly median: string
  readonly limit: string
  readonly risk: string
  readonly mark: string
}

const light: ChartColors = {
  text: '#5b6a75',
  grid: '#eaeef0',
  line: '#0d6577',
  spread: 'rgba(13, 101, 119, 0.18)',
  normal: 'rgba(90, 130, 110, 0.11)',
  outer: 'rgba(58, 153, 170, 0.17)',
  inner: 'rgba(58, 153, 170, 0.32)',
  median: '#0a5563',
  limit: '#c2571a',
  risk: '#c92a2a',
  mark: '#7a5af0',
}

const dark: ChartColors = {
  text: '#95a4af',
  grid: '#232d34',
  line: '#79c3d0',
  spread: 'rgba(121, 195, 208, 0.2)',
  normal: 'rgba(140, 200, 170, 0.1)',
  outer: 'rgba(83, 166, 181, 0.2)',
  inner: 'rgba(83, 166, 181, 0.36)',
  median: '#b6e3ea',
  limit: '#f0925a',
  risk: '#ff8787',
  mark: '#a793ff',
}

export const useChartColors = (): ChartColors => (useComputedColorScheme('light') === 'dark' ? dark : light)
