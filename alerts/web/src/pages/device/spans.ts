import type { AssetTypeView } from '../../api/types.ts'
import { hour, oneDay } from '../../lib/time.ts'

export interface SpanChoice {
  readonly value: string
  readonly label: string
  readonly ms: number
}

const clockSpans: readonly SpanChoice[] = [
  { value: '6h', label: '6 h', ms: 6 * hour },
  { value: '24h', label: '24 h', ms: 24 * hour },
  { value: '3d', label: '3 d', ms: 3 * oneDay },
  { value: '14d', label: '14 d', ms: 14 * oneDay },
]

/** A machine that reports a usage step at a time is looked at by steps. */
const stepSpans = (type: AssetTypeView): readonly SpanChoice[] =>
  [30, 100, 300].map((steps) => ({
    value: String(steps),
    label: `${steps} ${type.usage.unit}s`,
    ms: steps * type.cadenceMs,
  }))

/** The stretches of time that make sense for the asset type. */
export const spansOf = (type: AssetTypeView): readonly SpanChoice[] =>
  type.window.by === 'steps' ? stepSpans(type) : clockSpans

export const usualSpan = (type: AssetTypeView): string => (type.window.by === 'steps' ? '100' : '3d')
