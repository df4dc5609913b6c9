import { ForewarnError } from './errors.ts'

/** What can be attached to a ticket: by the end of its name, and by what it begins with. */
export const attachmentTypes = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
} as const
export type AttachmentType = (typeof attachmentTypes)[keyof typeof attachmentTypes]

/** A file that somebody attached to a ticket. */
export interface Attachment {
  readonly id: number
  readonly ticket: number
  readonly name: string
  readonly type: AttachmentType
  readonly bytes: number
  /** Of its content. */
  readonly sha256: string
  readonly at: number
  readonly actor: string
}

const signatures: Partial<Record<AttachmentType, readonly number[]>> = {
  // https://www.w3.org/TR/png-3/#3PNGsignature
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  // start of image, then another marker: ITU-T T.81, B.1.1.3
  'image/jpeg': [0xff, 0xd8, 0xff],
  // ISO 32000-2, 7.5.2
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
}

/**
 * The type of a file whose name and content agree on it. Throws ATTACHMENT_REFUSED: what a browser would take for something
 * else than its name says is not kept.
 */
export function attachmentTypeOf(name: string, content: Uint8Array): AttachmentType {
  const end = name.toLowerCase().match(/\.([a-z]+)$/)?.[1] ?? ''
  const type = Object.entries(attachmentTypes).find(([known]) => known === end)?.[1]
  if (!type) throw refused(name, `only ${Object.keys(attachmentTypes).join(', ')} files can be`)
  if (content.length === 0) throw refused(name, 'it is empty')
  const signature = signatures[type]
  const fits = signature ? signature.every((byte, i) => content[i] === byte) : isText(content)
  if (!fits) throw refused(name, signature ? `its content is no ${type}` : 'its content is no UTF-8 text')
  return type
}

const refused = (name: string, problem: string) => new ForewarnError('ATTACHMENT_REFUSED', { name, problem })

function isText(content: Uint8Array): boolean {
  if (content.includes(0)) return false
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content).length > 0
  } catch {
    return false
  }
}

/** A name that is safe in a header, a folder and a page: no path, no control characters. */
export function attachmentName(name: string): string {
  const last = name.split(/[/\\]/).at(-1)!
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return last.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim()
}
