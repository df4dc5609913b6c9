import { z } from 'zod'
import type { Config } from '../../../core/config.ts'
import { ForewarnError } from '../../../core/errors.ts'
import type { AttachmentStore } from '../../../core/ports.ts'
import { type App, answers, errorAnswer } from '../app.ts'
import { attachment, attachmentParams, attachmentRemoval, attachmentUpload } from '../schemas/attachments.ts'
import { done, ticketParams } from '../schemas/common.ts'

const tags = ['tickets']
/** No form of another site can send it without being asked first (https://fetch.spec.whatwg.org/#cors-safelisted-request-header). */
const uploadType = 'application/octet-stream'

export interface AttachmentDeps {
  readonly attachments: AttachmentStore
  readonly attachmentLimits: Pick<Config['attachments'], 'maxBytes'>
}

export function attachmentRoutes(app: App, { attachments, attachmentLimits }: AttachmentDeps): void {
  const bodyLimit = attachmentLimits.maxBytes

  app.register(async (uploads: App) => {
    uploads.addContentTypeParser(uploadType, { parseAs: 'buffer', bodyLimit }, (_request, body, taken) =>
      taken(null, body),
    )
    uploads.post(
      '/api/tickets/:id/attachments',
      {
        bodyLimit,
        schema: {
          tags,
          summary: 'Attach a file: its bytes as they are, as application/octet-stream',
          consumes: [uploadType],
          params: ticketParams,
          querystring: attachmentUpload,
          body: z.unknown().meta({ type: 'string', format: 'binary' }),
          response: answers(attachment),
        },
      },
      async ({ params: { id }, query: { name, actor }, body }) => {
        if (!Buffer.isBuffer(body)) {
          throw new ForewarnError('REQUEST_INVALID', { problem: `send the file as ${uploadType}` })
        }
        return attachments.add(id, { name, actor, content: body })
      },
    )
  })

  app.get(
    '/api/tickets/:id/attachments/:attachment',
    {
      schema: {
        tags,
        summary: 'Download an attached file',
        params: attachmentParams,
        response: {
          200: { description: 'The file', content: { [uploadType]: { schema: z.string() } } },
          default: errorAnswer,
        },
      },
    },
    async ({ params }, reply) => {
      const { attachment: found, content } = await attachments.read(params.id, params.attachment)
      return reply
        .type(found.type.startsWith('text/') ? `${found.type}; charset=utf-8` : found.type)
        .header('content-disposition', `attachment; filename*=UTF-8''${headerName(found.name)}`)
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .header('cache-control', 'private, no-store')
        .send(content as never)
    },
  )

  app.delete(
    '/api/tickets/:id/attachments/:attachment',
    {
      schema: {
        tags,
        summary: 'Remove an attached file; that it was there stays in the history',
        params: attachmentParams,
        querystring: attachmentRemoval,
        response: answers(done),
      },
    },
    async ({ params, query: { actor } }) => {
      await attachments.remove(params.id, params.attachment, actor)
      return { ok: true as const }
    },
  )
}

/** As RFC 8187 wants it: percent-encoded UTF-8, also the four characters that JavaScript leaves. */
const headerName = (name: string) =>
  encodeURIComponent(Buffer.from(name).toString()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  )
