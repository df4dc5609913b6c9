/** Bins beyond this are too thin to be told apart on a phone. */
const mostBins = 24
const mostLabels = 8

export interface LeadBins {
  /** Usage units. */
  readonly width: number
  readonly count: number
  /** Every so many bins have a label. */
  readonly labelled: number
}

/**
 * Equal bins from 0 that hold every lead up to `greatest` (>= 0), usage units. An edge lies on the horizon (> 0), so that
 * no bin holds leads of both its sides.
 */
export function leadBins(greatest: number, horizon: number): LeadBins {
  const reach = Math.max(greatest, horizon) / horizon
  const parts = [12, 6, 4, 3, 2, 1].find((each) => Math.ceil(reach * each) <= mostBins)
  const width = parts === undefined ? horizon * Math.ceil(reach / mostBins) : horizon / parts
  const needed = binOf(Math.max(greatest, horizon), width) + 1
  const labelled = Math.ceil(needed / mostLabels)
  return { width, count: Math.ceil(needed / labelled) * labelled, labelled }
}

/** Which bin holds a lead: its upper edge belongs to a bin, as a failure at the very horizon is within it. */
export const binOf = (lead: number, width: number): number =>
  Math.max(0, Math.ceil(Number((lead / width).toPrecision(12))) - 1)
