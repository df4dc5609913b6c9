import { beforeAll, describe, expect, it } from 'vitest'
import type { ManualClock } from '../../core/clock.ts'
import type { Notice } from '../../core/notice.ts'
import type { NoticeOf, Notices } from '../../core/ports.ts'

export interface NoticesUnderTest {
  readonly notices: Notices
  readonly clock: ManualClock
  /** What onChange was told; emptied by the suite. */
  readonly told: Notice[]
  restart(): Promise<Notices>
}

const of = (device: string, reason: NoticeOf['reason'] = 'gap'): NoticeOf => ({
  device,
  site: 'north',
  assetType: 'pump',
  reason,
})

/** What every store of notices must do; `make` is called once. */
export function noticesContract(name: string, make: () => Promise<NoticesUnderTest>): void {
  describe(`notices: ${name}`, () => {
    let test: NoticesUnderTest
    let notices: Notices
    beforeAll(async () => {
      test = await make()
      notices = test.notices
    })
    const told = () => test.told.splice(0)

    it('opens one a device, and tells of it', async () => {
      await notices.open([])
      await notices.open([of('n-1'), of('n-2', 'silent')])
      const open = await notices.list({ open: true })
      expect(open.map(({ device, reason }) => [device, reason])).toEqual([
        ['n-2', 'silent'],
        ['n-1', 'gap'],
      ])
      expect(open[1]).toMatchObject({ ...of('n-1'), openedAt: test.clock.now(), closedAt: null })
      expect(told()).toEqual(open.toReversed())
    })

    it('leaves one that stands, and gives it a new reason where there is one', async () => {
      const [before] = await notices.list({ device: 'n-1' })
      await notices.open([of('n-1')])
      expect(told()).toEqual([])
      await notices.open([of('n-1', 'silent')])
      expect(told()).toEqual([{ ...before, reason: 'silent' }])
      expect(await notices.list({ device: 'n-1' })).toHaveLength(1)
    })

    it('opens one, whoever sees it at the same time', async () => {
      await Promise.all(Array.from({ length: 20 }, () => notices.open([of('n-3')])))
      expect(await notices.list({ device: 'n-3' })).toHaveLength(1)
      expect(told()).toHaveLength(1)
    })

    it('closes those that are open, once, and opens anew afterwards', async () => {
      test.clock.advance(5)
      await notices.close([])
      await notices.close(['n-1', 'n-9'])
      await notices.close(['n-1'])
      expect(told()).toMatchObject([{ device: 'n-1', closedAt: test.clock.now() }])
      await notices.open([of('n-1')])
      const all = await notices.list({ device: 'n-1' })
      expect(all.map(({ closedAt }) => closedAt === null)).toEqual([true, false])
      expect((await notices.list({ open: false })).map(({ device }) => device)).toEqual(['n-1'])
      expect(await notices.list({ limit: 1 })).toEqual([all[0]])
    })

    it('keeps everything over a restart', async () => {
      const kept = await notices.list()
      notices = await test.restart()
      expect(await notices.list()).toEqual(kept)
      await notices.open([of('n-1')])
      expect(await notices.list()).toEqual(kept)
    })
  })
}
