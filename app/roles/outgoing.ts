import type { Kysely } from 'kysely'
import type { Database } from '../../alerts/db/schema.ts'
import type { OutgoingDeps } from '../../alerts/http/deps.ts'
import { parseAllowList } from '../../alerts/outgoing/addresses.ts'
import { startDispatcher } from '../../alerts/outgoing/dispatcher.ts'
import { createMailer } from '../../alerts/outgoing/email.ts'
import { createNotifier } from '../../alerts/outgoing/notifier.ts'
import { createOutgoingStore } from '../../alerts/outgoing/sqlOutgoing.ts'
import { parseTarget } from '../../alerts/outgoing/target.ts'
import type { Around } from '../around.ts'
import { httpUrl } from '../urls.ts'

/** Webhooks and e-mail, as a process has them. */
export interface Outgoing extends OutgoingDeps {
  /** The HTTP server listens: where no http.publicUrl is set, links lead there. */
  listensOn(port: number): void
  /** Begins to empty the outbox. */
  start(): void
}

export function openOutgoing(around: Around, db: Kysely<Database>): Outgoing {
  const { config, clock, logger, closers } = around
  const { timeoutMs, attempts, backoffMs } = config.outgoing
  const allow = parseAllowList(config.outgoing.allowPrivate)
  const store = createOutgoingStore(db, { clock })
  let port = config.http.port
  const pageUrl = () => config.http.publicUrl || httpUrl(config.http, port)
  const words = { pageUrl, ...catalogueWords(around) }
  const mailer = createMailer({ ...config.mail, words, timeoutMs })
  const notifier = createNotifier({ clock, mailer, timeoutMs, allow, pageUrl })
  let wake = (): void => undefined

  return {
    store,
    notifier,
    mail: config.mail.url !== '',
    assertTarget: (url) => void parseTarget(url, allow),
    wake: () => wake(),
    listensOn: (inUse) => {
      port = inUse
    },
    start() {
      const dispatcher = startDispatcher({
        store,
        notifier,
        clock,
        timeoutMs,
        backoff: { attempts, firstMs: backoffMs },
        onGivenUp: ({ receiver, message }, { problem }) =>
          logger.warn(
            { receiver: receiver.settings.name, message: message.id, problem },
            'a message was given up; `forewarn receivers redeliver` sends it again',
          ),
        onError: (error) => logger.warn({ err: error }, 'messages wait'),
      })
      wake = dispatcher.wake
      closers.add('webhooks and e-mail', () => dispatcher.stop())
    },
  }
}

/** What the catalogue calls things; as they are where it does not know them. */
const catalogueWords = ({ catalogue }: Around) => ({
  mode(assetType: string, mode: string) {
    const found = catalogue.get(assetType)?.failureModes.find(({ name }) => name === mode)
    return { label: found?.label ?? mode.replaceAll('_', ' '), action: found?.action ?? null }
  },
  usageUnit: (assetType: string) => catalogue.get(assetType)?.usage.unit ?? '',
})
