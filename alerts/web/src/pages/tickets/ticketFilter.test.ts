import { describe, expect, it } from 'vitest'
import { isNarrowed, listQuery, readFilter, writeFilter } from './ticketFilter.ts'

const address = (text: string) => readFilter(new URLSearchParams(text))

describe('the filter in the address', () => {
  it('reads back what it wrote', () => {
    const part = { state: 'scheduled', site: 'north', priority: 'urgent', search: 'bearing 3' } as const
    const written = writeFilter(new URLSearchParams('view=board'), part)
    expect(readFilter(written)).toMatchObject({ view: 'board', ...part })
  })

  it('writes nothing for what is as usual', () => {
    const written = writeFilter(new URLSearchParams('site=north&state=closed'), {
      site: '',
      state: 'unfinished',
    })
    expect(written.toString()).toBe('')
  })

  it('takes a word that it does not know for none', () => {
    expect(address('state=lost&sort=colour&priority=worst&view=map')).toEqual(address(''))
  })

  it('knows whether more than what is finished is left out', () => {
    expect(isNarrowed(address('sort=opened&view=board'))).toBe(false)
    expect(isNarrowed(address('search=pump'))).toBe(true)
    expect(isNarrowed(address('state=closed'))).toBe(true)
  })
})

describe('what the server is asked for', () => {
  it('names no state where every one is wanted, and only what was chosen', () => {
    expect(listQuery(address('state=all&mode=imbalance'))).toEqual({ mode: 'imbalance', sort: 'act_by' })
    expect(listQuery(address('view=board'))).toEqual({ state: 'unfinished', sort: 'act_by' })
  })
})
