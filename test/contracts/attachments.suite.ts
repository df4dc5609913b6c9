import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AttachmentStore } from '../../core/ports.ts'
import type { TicketStoreUnderTest } from './tickets.suite.ts'
import { predictionOf } from './ticketsPredictions.ts'

export const attachmentLimits = { maxBytes: 100, perTicket: 3 }

export interface AttachmentsUnderTest extends Pick<TicketStoreUnderTest, 'clock'> {
  readonly attachments: AttachmentStore
  readonly tickets: TicketStoreUnderTest['store']
  /** Where contents are kept. */
  readonly folder: string
}

let devices = 0
const actor = 'Ada'
const text = (content: string) => new TextEncoder().encode(content)
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2)

/** What every store of attachments must do. */
export function attachmentContract(name: string, make: () => Promise<AttachmentsUnderTest>): void {
  describe(`attachments: ${name}`, () => {
    let test: AttachmentsUnderTest
    let store: AttachmentStore
    beforeAll(async () => {
      test = await make()
      store = test.attachments
    })
    const ticket = async () =>
      (await test.tickets.raise(predictionOf({ device: `filed-${++devices}` }))).ticket.id

    it('keeps a file with who brought it, and tells it in the history', async () => {
      const id = await ticket()
      const kept = await store.add(id, { name: 'läger.png', content: png, actor })
      expect(kept).toMatchObject({ ticket: id, name: 'läger.png', type: 'image/png', bytes: 10, actor })
      expect(await store.list(id)).toEqual([kept])
      const read = await store.read(id, kept.id)
      expect(read.attachment).toEqual(kept)
      expect([...read.content]).toEqual([...png])
      expect((await test.tickets.history(id)).at(-1)).toMatchObject({
        kind: 'attached',
        actor,
        detail: { attachment: kept.id, name: 'läger.png', sha256: kept.sha256 },
      })
      expect(await test.tickets.get(id)).toMatchObject({ version: 1 })
    })

    it('takes a path for a name, and nothing that its name does not say', async () => {
      const id = await ticket()
      const { name: last } = await store.add(id, {
        name: '..\\..\\etc/re\u202eport\u0000.txt',
        content: text('ok'),
        actor,
      })
      expect(last).toBe('report.txt')
      for (const [wrong, content] of [
        ['page.html', text('<script>')],
        ['drawing.svg', text('<svg/>')],
        ['no-end', text('x')],
        ['picture.png', text('<html>')],
        ['picture.jpg', png],
        ['plan.pdf', text('PDF')],
        ['readings.csv', Uint8Array.of(0x61, 0, 0x62)],
        ['latin.txt', Uint8Array.of(0xe4)],
        ['empty.txt', text('')],
        ['long.txt', text('x'.repeat(101))],
      ] as const) {
        const adding = store.add(id, { name: wrong, content, actor })
        await expect(adding, wrong).rejects.toMatchObject({ code: 'ATTACHMENT_REFUSED' })
      }
      expect(await store.list(id)).toHaveLength(1)
    })

    it('has room for so many, also when they come at once', async () => {
      const id = await ticket()
      const adding = Array.from({ length: 6 }, (_, i) =>
        store.add(id, { name: `${i}.txt`, content: text(`note ${i} of ${id}`), actor }),
      )
      const results = await Promise.allSettled(adding)
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
      expect(await store.list(id)).toHaveLength(3)
    })

    it('keeps the same content once, and lets it go with the last one who has it', async () => {
      const ids = [await ticket(), await ticket()]
      const content = text('the same in both')
      const [one, other] = await Promise.all(
        ids.map((id) => store.add(id, { name: 'same.txt', content, actor })),
      )
      const { sha256 } = one!
      expect((await readdir(test.folder)).filter((file) => file.includes(sha256))).toEqual([sha256])
      await store.remove(ids[0]!, one!.id, 'Ben')
      expect([...(await store.read(ids[1]!, other!.id)).content]).toEqual([...content])
      await expect(store.read(ids[0]!, one!.id)).rejects.toMatchObject({ code: 'ATTACHMENT_UNKNOWN' })
      await store.remove(ids[1]!, other!.id, 'Ben')
      expect(await readdir(test.folder)).not.toContain(sha256)
      expect((await test.tickets.history(ids[0]!)).at(-1)).toMatchObject({
        kind: 'detached',
        actor: 'Ben',
        detail: { name: 'same.txt' },
      })
      const twice = store.remove(ids[0]!, one!.id, 'Ben')
      await expect(twice).rejects.toMatchObject({ code: 'ATTACHMENT_UNKNOWN' })
    })

    it('is told of what is not there', async () => {
      const id = await ticket()
      const { id: kept } = await store.add(id, { name: 'a.txt', content: text(`of ${id}`), actor })
      await expect(store.read(id + 1, kept)).rejects.toMatchObject({ code: 'ATTACHMENT_UNKNOWN' })
      const adding = store.add(999_999, { name: 'a.txt', content: text('x'), actor })
      await expect(adding).rejects.toMatchObject({ code: 'TICKET_UNKNOWN' })
    })

    it('leaves nothing half written behind', async () => {
      await writeFile(join(test.folder, '.left.partial'), 'by a process that died')
      const id = await ticket()
      await store.add(id, { name: 'a.txt', content: text(`whole ${id}`), actor })
      const files = await readdir(test.folder)
      expect(files.filter((file) => file.endsWith('.partial'))).toEqual(['.left.partial'])
    })
  })
}
