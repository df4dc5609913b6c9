import type { Ticket } from '../../../core/ticket.ts'
import { decodeWindow } from '../../policy/evidence.ts'
import type { ServerDeps } from '../deps.ts'
import type { EvidenceChannel, TicketEvidence } from '../schemas/tickets.ts'

/** Forecasts shown before and after the window, in window lengths. */
const spansAround = 3
const maxScores = 600

/** The deciding window as it was kept with the ticket, whatever the store says today, and the forecasts around it. */
export async function viewEvidence(
  deps: Pick<ServerDeps, 'catalogue' | 'scores'>,
  ticket: Ticket,
): Promise<TicketEvidence> {
  const { prediction } = ticket
  const { times, sha256, backend, simd } = prediction.evidence
  const start = times[0] ?? prediction.windowEnd
  const span = Math.max(prediction.windowEnd - start, 1)
  const scores = await deps.scores.scores(
    ticket.assetType,
    ticket.device,
    start - spansAround * span,
    prediction.windowEnd + spansAround * span + 1,
    maxScores,
    'champion',
  )
  return {
    ticket: ticket.id,
    device: ticket.device,
    assetType: ticket.assetType,
    windowEnd: prediction.windowEnd,
    times,
    channels: channelsOf(deps, ticket),
    contributions: prediction.contributions,
    scores,
    sha256,
    model: prediction.model,
    backend,
    simd,
  }
}

function channelsOf({ catalogue }: Pick<ServerDeps, 'catalogue'>, ticket: Ticket): EvidenceChannel[] {
  const { evidence, contributions } = ticket.prediction
  const window = decodeWindow(evidence.window)
  const known = new Map(catalogue.get(ticket.assetType)?.channels.map((c) => [c.name, c]))
  const share = (c: EvidenceChannel) => Math.abs(c.contribution ?? 0)
  return evidence.channels
    .map((name, column) => ({
      name,
      label: known.get(name)?.label ?? name,
      unit: known.get(name)?.unit ?? '',
      role: known.get(name)?.role ?? ('sensor' as const),
      normal: known.get(name)?.normal ?? null,
      values: columnOf(window, evidence.rows, evidence.channels.length, column),
      contribution: contributions[name] ?? null,
    }))
    .sort((a, b) => share(b) - share(a))
}

/** One channel of the row-major window; null where the value is no number. */
const columnOf = (window: Float32Array, rows: number, width: number, column: number): (number | null)[] =>
  Array.from({ length: rows }, (_, row) => {
    const value = window[row * width + column]
    return value !== undefined && Number.isFinite(value) ? value : null
  })
