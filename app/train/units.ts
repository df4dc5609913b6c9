import { ForewarnError } from '../../core/errors.ts'

/** Reads `81-100` or `3,7,81-100`: the units of a data set that are meant. Undefined means all. Throws REQUEST_INVALID. */
export function parseUnits(text: string | undefined): (unit: number) => boolean {
  if (text === undefined) return () => true
  const ranges = text.split(',').map((part) => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim())
    if (!match)
      throw new ForewarnError('REQUEST_INVALID', { problem: `units ${text}: expected 81-100 or 3,7` })
    const low = Number(match[1])
    return [low, match[2] === undefined ? low : Number(match[2])] as const
  })
  return (unit) => ranges.some(([low, high]) => unit >= low && unit <= high)
}
