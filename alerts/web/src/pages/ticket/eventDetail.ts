import { formatProbability } from '../../lib/format.ts'
import { reasonWords, verdictLabels } from '../../lib/ticketWords.ts'
import { formatMoment } from '../../lib/time.ts'

type Detail = Readonly<Record<string, unknown>>

const isVerdict = (value: unknown): value is keyof typeof verdictLabels =>
  typeof value === 'string' && value in verdictLabels

const modeNamed = (value: unknown, modeLabel: (mode: string) => string): string => modeLabel(String(value))

/** What an event of the history adds to its kind, as short lines; the note of a person stands apart. */
export function eventLines(detail: Detail, modeLabel: (mode: string) => string): string[] {
  const lines: string[] = []
  if (typeof detail.scheduledFor === 'number') lines.push(`For ${formatMoment(detail.scheduledFor)}`)
  if (isVerdict(detail.verdict)) lines.push(verdictLabels[detail.verdict])
  if (detail.verdictMode) lines.push(modeNamed(detail.verdictMode, modeLabel))
  if (detail.formerMode && detail.mode) {
    lines.push(`From ${modeNamed(detail.formerMode, modeLabel)} to ${modeNamed(detail.mode, modeLabel)}`)
  } else if (typeof detail.mode === 'string') lines.push(modeNamed(detail.mode, modeLabel))
  if (typeof detail.failureProbability === 'number') {
    lines.push(`Failure probability ${formatProbability(detail.failureProbability)}`)
  }
  if (typeof detail.reason === 'string') lines.push(reasonWords(detail.reason))
  return lines
}

export const noteOf = (detail: Detail): string | null =>
  typeof detail.note === 'string' && detail.note !== '' ? detail.note : null
