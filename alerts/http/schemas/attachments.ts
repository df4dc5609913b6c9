import { z } from 'zod'
import { attachmentTypes } from '../../../core/attachment.ts'
import { time } from './common.ts'

const serialId = z.coerce.number().int().positive().max(2_147_483_647)

export const attachment = z
  .object({
    id: z.int(),
    ticket: z.int(),
    name: z.string(),
    type: z.enum([...new Set(Object.values(attachmentTypes))]),
    bytes: z.int(),
    sha256: z.string(),
    at: time,
    actor: z.string(),
  })
  .meta({ id: 'Attachment' })
export type Attachment = z.infer<typeof attachment>

const actor = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\0]*$/)
  .describe('who does it; left out: the name of the token, where there are tokens')

export const attachmentUpload = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('name of the file; its end says what it is: png, jpg, jpeg, pdf, txt, csv'),
  actor,
})
export const attachmentRemoval = z.object({ actor })
export const attachmentParams = z.object({ id: serialId, attachment: serialId })
