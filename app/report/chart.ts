import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { escapeHtml } from './html.ts'
import { colours, fontFamily } from './style.ts'

use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, SVGRenderer])

/** How much room a chart has; on a phone it is drawn anew rather than shrunk, so that its words stay readable. */
export interface Room {
  readonly width: number
  readonly height: number
  readonly narrow: boolean
}

/** A chart of a report. */
export interface Chart {
  readonly caption: string
  /** What it shows, for who does not see it. */
  readonly description: string
  /** Three of them side by side rather than one across the page. */
  readonly small?: boolean | undefined
  option(room: Room): EChartsCoreOption
}

const rooms = (small: boolean): readonly Room[] =>
  small
    ? [{ width: 400, height: 290, narrow: true }]
    : [
        { width: 830, height: 320, narrow: false },
        { width: 350, height: 270, narrow: true },
      ]

/** The chart as a figure of inline SVG: one drawing for wide screens and one for phones. */
export function figureOf(chart: Chart): string {
  const drawn = rooms(chart.small === true)
  const drawings = drawn.map((room) => {
    const name = drawn.length === 1 ? '' : room.narrow ? 'narrow' : 'wide'
    return `<div class="${name}">${drawing(chart, room)}</div>`
  })
  return `<figure><figcaption>${escapeHtml(chart.caption)}</figcaption>${drawings.join('')}</figure>`
}

function drawing({ option, description }: Chart, room: Room): string {
  const { width, height } = room
  const canvas = init(null, undefined, { renderer: 'svg', ssr: true, width, height })
  try {
    canvas.setOption({
      animation: false,
      textStyle: { fontFamily, color: colours.text, fontSize: 12 },
      color: [...colours.series],
      ...option(room),
    })
    const label = escapeHtml(description)
    return canvas
      .renderToSVGString()
      .replace(
        /^<svg [^>]*?viewBox="([^"]*)"[^>]*>/,
        (_, box) =>
          `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" role="img" aria-label="${label}">`,
      )
  } finally {
    canvas.dispose()
  }
}
