import { createHmac } from 'node:crypto'

/** As they stand in the request, in lower case. */
export interface SignedHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

/** Base64 of 24 to 64 bytes, with or without the prefix that marks it as a webhook's secret. */
export const secretPattern = /^(whsec_)?(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64')

/**
 * Signs as Standard Webhooks says (https://www.standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, the key being
 * the decoded secret; the time in seconds lets a receiver refuse what somebody recorded and sends again.
 */
export function sign(
  secret: string,
  { id, at, body }: { id: string; at: number; body: string },
): SignedHeaders {
  const seconds = String(Math.floor(at / 1_000))
  const digest = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${digest}` }
}
