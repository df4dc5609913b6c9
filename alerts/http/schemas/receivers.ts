import { z } from 'zod'
import { deliveryStates, outgoingEvents, usualEvents } from '../../../core/outgoing.ts'
import { secretPattern } from '../../outgoing/signature.ts'
import { id, list, time } from './common.ts'

export const outgoingEvent = z.enum(outgoingEvents)

const name = z.string().trim().min(1).max(100).describe('what people call it')
const some = (what: string) =>
  z.array(z.string().min(1).max(200)).max(100).default([]).describe(`${what}; empty: all of them`)

const wishes = {
  name,
  enabled: z.boolean().default(true).describe('switched off, nothing new is queued and what waits stays'),
  events: z
    .array(outgoingEvent)
    .min(1)
    .max(outgoingEvents.length)
    .default([...usualEvents])
    .describe('what it hears of'),
  sites: some('sites'),
  assetTypes: some('asset types'),
  priorities: some('priorities'),
}

const url = z
  .string()
  .min(1)
  .max(2_000)
  .describe('http or https; a public address, or one of outgoing.allowPrivate')
const secret = z
  .string()
  .regex(secretPattern, 'expected base64 of 24 to 64 bytes, with or without whsec_ before it')
  .meta({ example: `whsec_${'A'.repeat(32)}` })
  .describe('key of the signature, base64 of 24 to 64 bytes; never answered back')
const to = z.array(z.email().max(320)).min(1).max(20).describe('addresses')

/** A new receiver. */
export const receiverBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('webhook'), url, secret, ...wishes }),
  z.object({ kind: z.literal('email'), to, ...wishes }),
])
export type ReceiverBody = z.input<typeof receiverBody>

/** All of it anew; a webhook's secret stays as it is where none is sent. */
export const receiverChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('webhook'), url, secret: secret.optional(), ...wishes }),
  z.object({ kind: z.literal('email'), to, ...wishes }),
])
export type ReceiverChange = z.input<typeof receiverChange>

const shown = {
  id: z.int(),
  name: z.string(),
  enabled: z.boolean(),
  events: list(outgoingEvent),
  sites: list(z.string()),
  assetTypes: list(z.string()),
  priorities: list(z.string()),
  createdAt: time,
  failures: z.int().describe('tries in a row that failed; 0 while it answers'),
  nextTryAt: time.nullable().describe('it rests until then; null while it answers'),
}
export const receiver = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('webhook'), url: z.string(), ...shown }),
    z.object({ kind: z.literal('email'), to: list(z.string()), ...shown }),
  ])
  .meta({ id: 'Receiver' })
export type ReceiverView = z.infer<typeof receiver>

export const receiverList = z.object({
  receivers: list(receiver),
  pending: z.int().describe('messages that wait for some receiver'),
  mail: z.boolean().describe('whether a mail server is configured'),
})
export type ReceiverList = z.infer<typeof receiverList>

export const deliveryTry = z.object({
  at: time,
  ok: z.boolean(),
  code: z.int().nullable().describe('HTTP status or SMTP reply; null where nobody answered'),
  problem: z.string().nullable(),
  answer: z.string().describe('the first 1,000 bytes of what came back'),
  ms: z.number().describe('how long it took'),
})

export const delivery = z
  .object({
    id: z.int(),
    receiver: z.int(),
    message: z.string().describe('webhook-id: the same at every try'),
    event: z.enum([...outgoingEvents, 'test']),
    ticket: z.int().nullable(),
    queuedAt: time,
    state: z.enum(deliveryStates),
    tries: list(deliveryTry).describe('oldest first, at most twenty'),
  })
  .meta({ id: 'Delivery' })
export type DeliveryView = z.infer<typeof delivery>

export const deliveryList = z.object({ deliveries: list(delivery).describe('newest first') })
export type DeliveryList = z.infer<typeof deliveryList>

export const receiverParams = z.object({ id })
export const deliveryParams = z.object({
  id,
  delivery: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
})
export const deliveryQuery = z.object({
  state: z.enum(deliveryStates).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
export type DeliveryQuery = z.input<typeof deliveryQuery>
