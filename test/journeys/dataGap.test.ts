import { afterAll, beforeAll, expect, it } from 'vitest'
import type { NoticeList } from '../../alerts/http/schemas/notices.ts'
import type { LiveEvent } from '../../core/ports.ts'
import { until } from '../support/forewarnProcess.ts'
import { type PolicyPlant, policyPlant } from '../support/policyPlant.ts'

/*
 * 00:00 two presses run sound · 00:20 press-1 shows wear in two windows, one too few; then its line is cut · 01:05 it is not
 * scored for 45 minutes: a notice, no ticket · forewarn is started again: it is the same notice · 01:15 it is back and shows
 * wear: what was counted before the gap counts, a ticket · 01:30 cut again: the alarm stands · the notice has closed itself.
 */
let plant: PolicyPlant
beforeAll(async () => {
  plant = await policyPlant({ policy: { noticeAfterMinutes: 30 } })
}, 300_000)
afterAll(() => plant.close())

const notices = async (query: string) =>
  (await plant.api().get<NoticeList>(`/api/notices?${query}`)).notices.map(({ device, closedAt }) =>
    closedAt === null ? `${device} open` : `${device} closed`,
  )

it('a gap in the data neither raises nor clears; a notice opens, and closes itself', async () => {
  await plant.run({ 'press-1': 'sound', 'press-2': 'sound' }, 20)
  let worn = 0
  for (; (await plant.why('press-1')).alarm!.over < 2; worn++)
    await plant.run({ 'press-1': 'worn', 'press-2': 'sound' }, 1)
  expect(worn).toBeLessThan(8)
  await plant.run({ 'press-2': 'sound' }, 45)
  await until(
    () => notices('open=true'),
    (open) => open.length > 0,
    20_000,
  )
  expect(await notices('open=true')).toEqual(['press-1 open'])
  expect(await plant.tickets()).toEqual([])
  const cut = await plant.why('press-1')
  expect(cut.answer).toContain('Because it is not scored since')
  expect(cut.alarm).toMatchObject({ raised: false, over: 2 })
  expect(cut.notice).toMatchObject({ device: 'press-1', reason: 'silent' })

  await plant.restart()
  await plant.run({ 'press-2': 'sound' }, 10)
  expect(await notices('device=press-1')).toEqual(['press-1 open'])

  const heard: LiveEvent[] = []
  const live = await fetch(`${plant.journey().httpUrl}/api/live`)
  const reader = live.body!.getReader()
  const listening = (async () => {
    for (let text = ''; ; ) {
      const { done, value } = await reader.read()
      if (done) return
      text += new TextDecoder().decode(value)
      for (const line of text.split('\n')) {
        if (line.startsWith('data: {"kind":"notice"') && line.endsWith('}'))
          heard.push(JSON.parse(line.slice(6)))
      }
      text = text.slice(text.lastIndexOf('\n') + 1)
    }
  })()
  // Its first window after the gap needs its minimum of readings again.
  await plant.run({ 'press-1': 'worn', 'press-2': 'sound' }, 10)
  expect(await plant.tickets()).toEqual(['press-1 worn_die open'])
  await until(
    () => notices('device=press-1'),
    ([newest]) => newest === 'press-1 closed',
    10_000,
  )
  await until(
    async () => heard.length,
    (count) => count > 0,
    10_000,
  )
  await reader.cancel()
  await listening
  expect(heard[0]).toMatchObject({ kind: 'notice', notice: { device: 'press-1' } })

  await plant.run({ 'press-2': 'sound' }, 20)
  expect((await plant.why('press-1')).alarm!.raised).toBe(true)
  expect(await plant.tickets()).toEqual(['press-1 worn_die open'])
}, 90_000)
