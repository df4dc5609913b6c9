import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import type { LifeEvent } from '../core/device.ts'
import { openMappingState } from '../ingest/mapping/lmdbState.ts'
import { untilAccepted } from './untilAccepted.ts'

export interface OutboxParts {
  /** The data folder. */
  readonly folder: string
  /** Registers the event and tells the policy; told again it changes nothing. */
  tell(event: LifeEvent): Promise<void>
  readonly clock: Clock
  readonly logger: { error(details: object, message: string): void }
}

export interface Outbox {
  /** Resolves when the event is on disk; it is told from then on until it is accepted. Throws LOG_FAILED. */
  keep(event: LifeEvent): Promise<void>
  close(): Promise<void>
}

const prefix = 'event/'
const keyOf = ({ device, time, kind }: LifeEvent) => `${prefix}${device}/${time}/${kind}`

/**
 * Life events on their way from a device to the register: durable before they are acknowledged, told when the ticket
 * database answers. Held back until then, one event would hold back every reading that comes behind it.
 */
export function openOutbox({ folder, tell, clock, logger }: OutboxParts): Outbox {
  const state = openMappingState(join(folder, 'events'))
  const stopping = new AbortController()
  const telling = new Set<Promise<void>>()

  function deliver(event: LifeEvent): void {
    const one = untilAccepted(() => tell(event), clock, stopping.signal)
      .then(() => state.save([[keyOf(event), undefined]]))
      .catch((error) => {
        if (stopping.signal.aborted) return
        logger.error(
          { err: error, event },
          'a life event was not registered; it is told again at the next start',
        )
      })
      .finally(() => telling.delete(one))
    telling.add(one)
  }

  for (const [, event] of [...state.entries(prefix)]) deliver(event as LifeEvent)
  return {
    async keep(event) {
      await state.save([[keyOf(event), event]])
      deliver(event)
    },
    async close() {
      stopping.abort()
      await Promise.all(telling)
      await state.close()
    },
  }
}
