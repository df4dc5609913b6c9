import { describe, expect, it } from 'vitest'
import { notScoredReasons } from '../../core/score.ts'
import { dashboardNames, rendered } from '../../scripts/dashboards.ts'
import { annotationsOf, dashboard, type Panel, panelsOf } from '../support/dashboards.ts'

const overlap = (a: Panel['gridPos'], b: Panel['gridPos']) =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

/** Pairs of panels of which one lies on the other. */
function overlaps(panels: readonly Panel[]): string[] {
  return panels.flatMap((a, i) =>
    panels
      .slice(i + 1)
      .filter((b) => overlap(a.gridPos, b.gridPos))
      .map((b) => `${a.title} / ${b.title}`),
  )
}

describe('overlaps', () => {
  it('finds panels that share a cell, not neighbours', () => {
    const panel = (title: string, x: number, y: number) =>
      ({ id: 0, type: 'stat', title, gridPos: { x, y, w: 4, h: 4 } }) as const
    expect(overlaps([panel('a', 0, 0), panel('b', 4, 0), panel('c', 3, 3)])).toEqual(['a / c', 'b / c'])
  })
})

describe.each(dashboardNames)('dashboard %s', (name) => {
  const { uid, panels } = dashboard(name)
  const shown = panelsOf(dashboard(name))

  it('has the fixed uid under which the others link to it', () => {
    expect(uid).toBe(`forewarn-${name}`)
  })

  it('lays its panels side by side on the grid of 24 columns', () => {
    expect(overlaps(panels)).toEqual([])
    expect(
      panels.filter(({ gridPos: { x, w } }) => x < 0 || w < 1 || x + w > 24).map((p) => p.title),
    ).toEqual([])
    expect(new Set(panels.map((panel) => panel.id)).size).toBe(panels.length)
  })

  it('leaves no hole between them', () => {
    const covered = panels.reduce((sum, { gridPos: { w, h } }) => sum + w * h, 0)
    const height = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h))
    const last = panels.at(-1)!
    // a repeated panel fills its row by itself
    const repeated = last.repeat ? (24 - last.gridPos.w) * last.gridPos.h : 0
    expect(covered + repeated).toBe(24 * height)
  })

  it('says of every panel what it shows, and what nothing means', () => {
    const silent = shown.filter((p) => !p.title || !p.description || !p.fieldConfig?.defaults.noValue)
    expect(silent.map((p) => p.title)).toEqual([])
  })

  it('asks for a table by one tag at most: Grafana mixes up the columns of several', () => {
    const tables = shown.flatMap((p) => p.targets ?? []).filter((t) => t.resultFormat === 'table')
    // the outermost SELECT's grouping stands last, outside of all brackets
    const grouped = tables.map(({ query }) => /GROUP BY ([^()]*)$/.exec(query)?.[1] ?? '')
    expect(grouped.filter((by) => by !== '').length).toBeGreaterThanOrEqual(name === 'pipeline' ? 0 : 1)
    expect(grouped.filter((by) => by.includes(','))).toEqual([])
  })

  it('asks every panel for its own time range', () => {
    const timeless = shown
      .flatMap((p) => p.targets ?? [])
      .filter(({ query }) => !query.includes('$timeFilter') && !query.includes(`\${__from}`))
    expect(timeless.map((t) => t.query)).toEqual([])
    for (const { target } of annotationsOf(dashboard(name)))
      expect(target.query.split('$timeFilter')).toHaveLength(2)
  })

  it('compares variables only as a whole and as regular expressions, which holds for one value and for several', () => {
    const queries = [...rendered(name).matchAll(/"query": "((?:[^"\\]|\\.)*)"/g)].map((m) => m[1]!)
    const variables = dashboard(name).templating.list.filter((v) => v.type === 'query')
    for (const { name: variable } of variables) {
      const bare = queries.map((query) => query.replaceAll(`/^$${variable}$/`, ''))
      expect(bare.filter((query) => query.includes(`$${variable}`))).toEqual([])
    }
  })
})

describe('the words for reasons', () => {
  it.each(['fleet', 'device'] as const)('are there for each in %s', (name) => {
    const text = rendered(name)
    const unknown = ['scored', ...Object.keys(notScoredReasons)].filter(
      (reason) => !text.includes(`"${reason}": {`),
    )
    expect(unknown).toEqual([])
  })
})
