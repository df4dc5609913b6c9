import UPlot from 'uplot'

/* Things that uPlot leaves to its hooks; all of them stay inside the plotting area. */

function clipped(plot: UPlot, paint: (context: CanvasRenderingContext2D) => void) {
  const { left, top, width, height } = plot.bbox
  plot.ctx.save()
  plot.ctx.beginPath()
  plot.ctx.rect(left, top, width, height)
  plot.ctx.clip()
  paint(plot.ctx)
  plot.ctx.restore()
}

/** Shades the band [low, high] of the y scale; for the hook `drawClear`, below axes and series. */
export const shadeBand =
  ([low, high]: readonly [number, number], fill: string) =>
  (plot: UPlot): void =>
    clipped(plot, (context) => {
      const top = plot.valToPos(high, 'y', true)
      const bottom = plot.valToPos(low, 'y', true)
      context.fillStyle = fill
      context.fillRect(plot.bbox.left, top, plot.bbox.width, bottom - top)
    })

export interface Limit {
  readonly at: number
  readonly label: string
  readonly color: string
}

/** A dashed line across at a y value, with its name above; for the hook `draw`. */
export const limitLine =
  ({ at, label, color }: Limit) =>
  (plot: UPlot): void =>
    clipped(plot, (context) => {
      const { left, width } = plot.bbox
      const ratio = UPlot.pxRatio
      const y = plot.valToPos(at, 'y', true)
      context.strokeStyle = color
      context.lineWidth = ratio
      context.setLineDash([5 * ratio, 4 * ratio])
      context.beginPath()
      context.moveTo(left, y)
      context.lineTo(left + width, y)
      context.stroke()
      context.fillStyle = color
      context.font = `${11 * ratio}px system-ui, sans-serif`
      context.textAlign = 'left'
      context.textBaseline = 'alphabetic'
      context.fillText(label, left + 6 * ratio, y - 4 * ratio)
    })

/** A line down at a moment, with its name beside the top; for the hook `draw`. */
export const momentLine =
  ({ at, label, color }: Limit) =>
  (plot: UPlot): void =>
    clipped(plot, (context) => {
      const { top, height, left, width } = plot.bbox
      const ratio = UPlot.pxRatio
      const x = plot.valToPos(at, 'x', true)
      if (x < left || x > left + width) return
      context.strokeStyle = color
      context.lineWidth = 1.5 * ratio
      context.beginPath()
      context.moveTo(x, top)
      context.lineTo(x, top + height)
      context.stroke()
      context.fillStyle = color
      context.font = `${11 * ratio}px system-ui, sans-serif`
      const room = left + width - x
      context.textBaseline = 'alphabetic'
      context.textAlign = room > 90 * ratio ? 'left' : 'right'
      context.fillText(label, x + (room > 90 * ratio ? 5 : -5) * ratio, top + 12 * ratio)
    })
