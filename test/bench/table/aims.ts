import type { Aim, Line } from '../lib/benchCase.ts'
import { figureWords, valueWords } from './words.ts'

export interface Verdict {
  readonly figure: string
  /** `at least 80,000`. */
  readonly wanted: string
  readonly reached: boolean
  /** By how much it is missed; empty where it is reached. */
  readonly missedBy: string
  readonly limitedBy: string
}

/** How a line stands against its aims. */
export const verdicts = ({ aims = [], figures }: Line): Verdict[] =>
  aims.map((aim) => verdictOn(aim, figures[aim.figure] ?? null))

function verdictOn(aim: Aim, measured: number | string | null): Verdict {
  const { figure, atLeast, atMost, limitedBy = '' } = aim
  const limit = atLeast ?? atMost!
  const reached =
    typeof measured === 'number' && (atLeast === undefined ? measured <= limit : measured >= limit)
  return {
    figure,
    wanted: `${atLeast === undefined ? 'at most' : 'at least'} ${valueWords(limit)}`,
    reached,
    missedBy: reached ? '' : byHowMuch(limit, measured),
    limitedBy: reached ? '' : limitedBy,
  }
}

function byHowMuch(limit: number, measured: number | string | null): string {
  if (typeof measured !== 'number') return 'not measured'
  if (limit === 0) return `by ${valueWords(Math.abs(measured))}`
  if (measured > 3 * limit) return `${valueWords(Number((measured / limit).toFixed(1)))} times the aim`
  return `by ${Math.round((100 * Math.abs(measured - limit)) / limit)} %`
}

/** A figure as it stands in a table, with its aim; bold where that is missed. */
export function figureCell(line: Line, name: string): string {
  const value = valueWords(line.figures[name])
  const aim = verdicts(line).find(({ figure }) => figure === name)
  if (!aim) return value
  return aim.reached ? `${value} (aim: ${aim.wanted})` : `**${value}** (aim missed: ${aim.wanted})`
}

/** The row of the table of missed aims. */
export const missedRow = (where: string, line: Line, verdict: Verdict): string[] => [
  where,
  figureWords(verdict.figure),
  verdict.wanted,
  valueWords(line.figures[verdict.figure]),
  verdict.missedBy,
  verdict.limitedBy,
]
