import { createTransport } from 'nodemailer'
import { ForewarnError } from '../../core/errors.ts'
import type { EmailSettings, OutgoingMessage } from '../../core/outgoing.ts'
import { type EmailWords, textOf } from './emailText.ts'

export interface Mailer {
  /** The server's last reply. Rejects with its refusal, or when it does not answer in time. Throws MAIL_UNCONFIGURED. */
  send(settings: EmailSettings, message: OutgoingMessage): Promise<string>
}

export interface MailerOptions {
  /** smtp(s)://[user:password@]host:port; empty: there is no mail. */
  readonly url: string
  readonly from: string
  readonly words: EmailWords
  readonly timeoutMs: number
}

/** E-mail by the operator's own server: that one is named in the configuration, so it may be a private address. */
export function createMailer({ url, from, words, timeoutMs }: MailerOptions): Mailer {
  if (url === '') {
    return {
      send: async () => {
        throw new ForewarnError('MAIL_UNCONFIGURED')
      },
    }
  }
  const limits = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs }
  const transport = createTransport(
    // Nothing in a message may make the mailer read a file or fetch an address.
    { url, ...limits, disableFileAccess: true, disableUrlAccess: true },
    { from },
  )
  return {
    async send({ to }, message) {
      const sent = await transport.sendMail({
        to: [...to],
        messageId: `<${message.id}@forewarn.invalid>`,
        date: new Date(message.at),
        headers: { 'auto-submitted': 'auto-generated' },
        ...textOf(message, words),
      })
      return sent.response
    },
  }
}
