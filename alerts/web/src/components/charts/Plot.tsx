import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'

export type PlotOptions = Omit<UPlot.Options, 'width' | 'height'>

interface PlotProps {
  /** A new object makes a new chart: keep it with useMemo. */
  readonly options: PlotOptions
  readonly data: UPlot.AlignedData
  readonly height: number
  /** What is to be seen, for those who do not see it. */
  readonly label: string
  /** Index of the point under the pointer, null when it has left. */
  readonly onCursor?: ((index: number | null) => void) | undefined
}

/** uPlot in React: as wide as its place, fed new data without being built anew. */
export function Plot({ options, data, height, label, onCursor }: PlotProps) {
  const { ref: measure, width } = useElementSize()
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | null>(null)
  const newest = useRef({ data, onCursor, width })
  newest.current = { data, onCursor, width }
  const drawable = width > 0

  useEffect(() => {
    if (!drawable || !place.current) return
    const hooks = {
      ...options.hooks,
      setCursor: [(u: UPlot) => newest.current.onCursor?.(u.cursor.idx ?? null)],
    }
    const made = new UPlot(
      { ...options, hooks, width: newest.current.width, height },
      newest.current.data,
      place.current,
    )
    plot.current = made
    return () => {
      plot.current = null
      made.destroy()
    }
  }, [options, height, drawable])

  useEffect(() => plot.current?.setData(data), [data])
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height })
  }, [width, height])

  return (
    <div ref={measure} role="img" aria-label={label} style={{ minHeight: height }}>
      <div ref={place} />
    </div>
  )
}
