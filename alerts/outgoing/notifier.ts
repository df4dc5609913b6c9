import type { Clock } from '../../core/clock.ts'
import { messageOf } from '../../core/errors.ts'
import type { DeliveryTry, OutgoingMessage, Receiver } from '../../core/outgoing.ts'
import type { Notifier } from '../../core/ports.ts'
import { within } from '../deadline.ts'
import type { Mailer } from './email.ts'
import { readable } from './post.ts'
import { sendWebhook, type WebhookOptions } from './webhook.ts'

export interface NotifierOptions extends WebhookOptions {
  readonly clock: Clock
  readonly mailer: Mailer
  /** For everything, look-up and answer included. */
  readonly timeoutMs: number
}

type Came = Pick<DeliveryTry, 'ok' | 'code' | 'problem' | 'answer'>

/** Sends by the receiver's kind. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { clock, timeoutMs } = options
  return {
    async send(receiver, message) {
      const at = clock.now()
      const began = clock.elapsed()
      const came = await within(trySending(receiver, message, at, options), timeoutMs).catch(failed)
      return { at, ...came, ms: Math.round(clock.elapsed() - began) }
    },
  }
}

async function trySending(
  { settings }: Receiver,
  message: OutgoingMessage,
  at: number,
  options: NotifierOptions,
): Promise<Came> {
  if (settings.kind === 'email') {
    const answer = await options.mailer.send(settings, message)
    return { ok: true, code: Number.parseInt(answer, 10) || null, problem: null, answer: cut(answer) }
  }
  const signal = AbortSignal.timeout(options.timeoutMs)
  const { status, answer } = await sendWebhook(settings, message, at, options, signal)
  const ok = status >= 200 && status < 300
  return { ok, code: status, problem: ok ? null : problemOf(status), answer }
}

const problemOf = (status: number): string =>
  status >= 300 && status < 400
    ? `it answers ${status}, and redirects are not followed: give the address it leads to`
    : `it answers ${status}`

/** nodemailer puts the server's reply into its error. */
function failed(error: Error & { responseCode?: unknown; response?: unknown }): Came {
  const { responseCode, response } = error
  return {
    ok: false,
    code: typeof responseCode === 'number' ? responseCode : null,
    problem: cut(messageOf(error)),
    answer: typeof response === 'string' ? cut(response) : '',
  }
}

const cut = (text: string): string => readable(Buffer.from(text).subarray(0, 1_000))
