import type { Line } from '../lib/benchCase.ts'

/** What was measured, a line of JSON each; empty lines are skipped. */
export const parseLines = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Line)

/** How long it took is no other measurement: a longer one replaces a shorter one. */
const settingsKey = ({ case: name, settings }: Line): string => {
  const { seconds: _, ...telling } = settings
  return JSON.stringify([name, Object.entries(telling).sort(([a], [b]) => (a < b ? -1 : 1))])
}

/** Of each case and settings the newest line, in the order in which they first came. */
export function newestLines(lines: readonly Line[]): Line[] {
  const newest = new Map<string, Line>()
  for (const line of lines) {
    const known = newest.get(settingsKey(line))
    if (!known || known.at <= line.at) newest.set(settingsKey(line), line)
  }
  return [...newest.values()]
}

/** By case, in the order in which they first came. */
export function byCase(lines: readonly Line[]): Map<string, Line[]> {
  const cases = new Map<string, Line[]>()
  for (const line of lines) cases.set(line.case, [...(cases.get(line.case) ?? []), line])
  return cases
}
