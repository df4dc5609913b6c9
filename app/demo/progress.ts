import type { Summary } from '../../alerts/http/schemas/index.ts'
import type { Journey } from '../journey.ts'

const openStates = ['open', 'acknowledged', 'scheduled', 'in_progress', 'resolved', 'closed'] as const
const number = new Intl.NumberFormat('en')

/** The journey's counters as one line. */
export function progressLine({ devices, messages, readings, scoring, tickets }: Summary): string {
  const ticketCount = openStates.reduce((sum, state) => sum + (tickets[state] ?? 0), 0)
  return [
    `${devices.known} devices`,
    `${number.format(Math.round(messages.perSecond))} messages/s`,
    `${number.format(readings.stored)} stored`,
    `${number.format(scoring.scored)} scored`,
    `${ticketCount} ticket${ticketCount === 1 ? '' : 's'}`,
    `${number.format(readings.lost ?? 0)} lost`,
  ].join(' · ')
}

/** Cut to a terminal's width, indent included: a line that wraps cannot be renewed in its place. */
export function fitting(line: string, columns: number | undefined): string {
  const room = (columns || 80) - 3
  return line.length <= room ? line : `${line.slice(0, room - 1)}…`
}

/** Shows the counters on stderr: a line that renews itself on a terminal, a line every five seconds elsewhere. */
export function showProgress(journey: Journey, { headless }: { headless: boolean }): { stop(): void } {
  const live = process.stderr.isTTY
  if (!headless) process.stderr.write(`\n  Forewarn is running: ${journey.httpUrl}\n  Ctrl-C stops it.\n\n`)
  let asking = false
  const timer = setInterval(
    async () => {
      if (asking) return
      asking = true
      try {
        const line = progressLine(await journey.summary())
        process.stderr.write(live ? `\r\x1b[K  ${fitting(line, process.stderr.columns)}` : `${line}\n`)
      } catch {
        // The next look may succeed; the end's account is what counts.
      } finally {
        asking = false
      }
    },
    live ? 500 : 5_000,
  )
  return {
    stop() {
      clearInterval(timer)
      if (live) process.stderr.write('\n')
    },
  }
}
