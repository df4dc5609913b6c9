import type { Random } from './random.ts'

/** What a window shows of a life: only rows from `from` on, and whether it tells the machine's usage. */
export interface View {
  readonly from: number
  readonly usage: boolean
}

/** The view at a window's last row. */
export type ViewAt = (end: number) => View

/** The whole life, as of a machine that was watched since it was new. */
export const wholeLife: ViewAt = () => ({ from: 0, usage: true })

/**
 * Shares of training windows that show less than there is, as most real machines do: `late` of those whose watching
 * began at a random row, `unknown` of those that do not tell their usage either.
 */
export interface ViewMix {
  readonly late: number
  readonly unknown: number
}

/** Random views: a late start leaves at least `minimum` rows. */
export const mixedViews =
  (random: Random, mix: ViewMix, minimum: number): ViewAt =>
  (end) => {
    const draw = random()
    const start = Math.floor(random() * Math.max(1, end - minimum + 2))
    if (draw < mix.unknown) return { from: start, usage: false }
    return { from: draw < mix.unknown + mix.late ? start : 0, usage: true }
  }
