import { ForewarnError } from '../../core/errors.ts'

/** `81-100,3` to its unit numbers, ascending, each once. Throws CONFIG_INVALID. */
export function parseUnits(text: string, option = '--units'): number[] {
  const units = text.split(',').flatMap((part) => parsePart(part.trim(), option))
  return [...new Set(units)].sort((a, b) => a - b)
}

function parsePart(part: string, option: string): number[] {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part)
  if (!match) throw invalid(option, `"${part}" is neither a unit nor a range; write 81-100 or 3,17,81-100`)
  const first = Number(match[1])
  const last = Number(match[2] ?? first)
  if (first < 1) throw invalid(option, 'units count from 1')
  if (last < first) throw invalid(option, `the range ${part} runs backwards`)
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

const invalid = (path: string, problem: string) =>
  new ForewarnError('CONFIG_INVALID', { path, problem, source: 'the command line' })
