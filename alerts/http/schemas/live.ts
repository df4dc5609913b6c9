import { z } from 'zod'
import { list } from './common.ts'
import { notice } from './notices.ts'
import { liveScore, scoringState } from './scores.ts'
import { ticket } from './tickets.ts'

/**
 * What /api/live sends. Each is a server-sent event whose `event:` is its kind and whose `data:` is the whole object
 * as JSON. `hello` comes once, first: whoever reconnects reloads then, for nothing is repeated.
 */
export const liveEvent = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('hello'), at: z.number() }),
    z.object({ kind: z.literal('ticket'), ticket, change: z.string() }),
    z.object({ kind: z.literal('scores'), scores: list(liveScore) }),
    z.object({ kind: z.literal('notice'), notice }),
    z.object({ kind: z.literal('device'), device: z.string(), state: scoringState }),
  ])
  .meta({ id: 'LiveEvent' })
export type LiveEvent = z.infer<typeof liveEvent>
