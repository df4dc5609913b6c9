import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { ForewarnError } from '../../../core/errors.ts'
import type { OutgoingMessage, Receiver, ReceiverSettings } from '../../../core/outgoing.ts'
import { type App, answers } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import { done } from '../schemas/common.ts'
import {
  delivery,
  deliveryList,
  deliveryParams,
  deliveryQuery,
  type ReceiverView,
  receiver,
  receiverBody,
  receiverChange,
  receiverList,
  receiverParams,
} from '../schemas/receivers.ts'

const tags = ['receivers']

/** Who is told about tickets, and what became of each message. */
export function receiverRoutes(app: App, { outgoing, clock }: ServerDeps): void {
  const { store, mail } = outgoing

  app.get(
    '/api/receivers',
    {
      schema: { tags, summary: 'Receivers of webhooks and e-mail', response: answers(receiverList) },
    },
    async () => ({
      receivers: (await store.receivers()).map(view),
      pending: await store.pending(),
      mail,
    }),
  )

  app.post(
    '/api/receivers',
    {
      schema: {
        tags,
        summary: 'Add a receiver; it hears of what happens from now on',
        body: receiverBody,
        response: answers(receiver),
      },
    },
    async ({ body }) => view(await store.add(checked(outgoing, body))),
  )

  app.get(
    '/api/receivers/:id',
    { schema: { tags, summary: 'A receiver', params: receiverParams, response: answers(receiver) } },
    async ({ params: { id } }) => view(await store.receiver(id)),
  )

  app.put(
    '/api/receivers/:id',
    {
      schema: {
        tags,
        summary: 'Change a receiver; what waits for it is tried at once',
        params: receiverParams,
        body: receiverChange,
        response: answers(receiver),
      },
    },
    async ({ params: { id }, body }) => {
      const { settings } = await store.receiver(id)
      return view(await store.replace(id, checked(outgoing, withSecret(body, settings))))
    },
  )

  app.delete(
    '/api/receivers/:id',
    {
      schema: {
        tags,
        summary: 'Remove a receiver with everything that waits for it',
        params: receiverParams,
        response: answers(done),
      },
    },
    async ({ params: { id } }) => {
      await store.remove(id)
      return { ok: true as const }
    },
  )

  app.post(
    '/api/receivers/:id/test',
    {
      schema: {
        tags,
        summary: 'Send a test message now; the answer says what came of it',
        params: receiverParams,
        response: answers(delivery),
      },
    },
    async ({ params: { id } }) => {
      const found = await store.receiver(id)
      const message = testMessage(clock.now())
      return store.keepTest(id, message, await outgoing.notifier.send(found, message))
    },
  )

  app.get(
    '/api/receivers/:id/deliveries',
    {
      schema: {
        tags,
        summary: 'What became of the messages to a receiver, newest first',
        params: receiverParams,
        querystring: deliveryQuery,
        response: answers(deliveryList),
      },
    },
    async ({ params: { id }, query: { state, limit } }) => ({
      deliveries: await store.deliveries(id, { limit, ...(state && { state }) }),
    }),
  )

  app.post(
    '/api/receivers/:id/deliveries/:delivery/redeliver',
    {
      schema: {
        tags,
        summary: 'Send a message again',
        params: deliveryParams,
        response: answers(delivery),
      },
    },
    async ({ params }) => {
      const again = await store.redeliver(params.id, params.delivery)
      outgoing.wake()
      return again
    },
  )
}

/** Throws MAIL_UNCONFIGURED, TARGET_REFUSED: better now than at the first message. */
function checked(
  { mail, assertTarget }: ServerDeps['outgoing'],
  settings: ReceiverSettings,
): ReceiverSettings {
  if (settings.kind === 'webhook') assertTarget(settings.url)
  else if (!mail) throw new ForewarnError('MAIL_UNCONFIGURED')
  return settings
}

function withSecret(change: z.output<typeof receiverChange>, former: ReceiverSettings): ReceiverSettings {
  if (change.kind === 'email') return change
  const secret = change.secret ?? (former.kind === 'webhook' ? former.secret : undefined)
  if (secret !== undefined) return { ...change, secret }
  throw new ForewarnError('REQUEST_INVALID', {
    problem: 'a webhook needs a secret, and this receiver had none',
  })
}

/** All but the secret. */
function view({ id, settings, createdAt, failures, dueAt }: Receiver): ReceiverView {
  const state = { id, createdAt, failures, nextTryAt: failures === 0 ? null : dueAt }
  if (settings.kind === 'email') return { ...settings, ...state }
  const { secret: _secret, ...shown } = settings
  return { ...shown, ...state }
}

const testMessage = (at: number): OutgoingMessage => ({
  id: `msg_${randomUUID()}`,
  event: 'test',
  at,
  actor: 'forewarn',
  detail: {},
  ticket: null,
  facts: {},
})
