import type { OutgoingMessage, WebhookSettings } from '../../core/outgoing.ts'
import type { AllowList } from './addresses.ts'
import { bodyOf } from './payload.ts'
import { type Posted, post } from './post.ts'
import { sign } from './signature.ts'
import { type Lookup, resolveTarget } from './target.ts'

export interface WebhookOptions {
  readonly allow: AllowList
  /** Address of the page, for the link in the message. */
  readonly pageUrl: () => string
  readonly lookUp?: Lookup | undefined
}

/** Signed at each try, so that its time is that of the try. Throws TARGET_REFUSED; rejects when nobody answers. */
export async function sendWebhook(
  { url, secret }: WebhookSettings,
  message: OutgoingMessage,
  at: number,
  { allow, pageUrl, lookUp }: WebhookOptions,
  signal: AbortSignal,
): Promise<Posted> {
  const target = await resolveTarget(url, allow, lookUp)
  const body = JSON.stringify(bodyOf(message, pageUrl()))
  return post(target, body, { ...sign(secret, { id: message.id, at, body }) }, signal)
}
