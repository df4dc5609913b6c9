import { describe, expect, it } from 'vitest'
import { loadCatalogue } from '../../app/loadCatalogue.ts'
import { measurements, series } from '../../core/series.ts'
import { dashboardNames } from '../../scripts/dashboards.ts'
import { annotationsOf, dashboard, panelsOf, queryOf } from '../support/dashboards.ts'
import { expandQuery, type Values } from '../support/grafana.ts'
import { asksFor } from '../support/influxql.ts'

/** What stands in the store: measurements beside the asset types, and each asset type with its channels. */
const store = new Map<string, readonly string[]>(
  measurements.map(({ measurement, tags, fields }) => [measurement, [...tags, ...fields]]),
)
for (const type of loadCatalogue().values()) {
  const channels = type.channels.map((channel) => channel.name)
  store.set(type.name, [...Object.values(series.tags), series.receivedAt, ...channels])
}

const values: Values = {
  site: { value: ['north'], multi: true },
  type: { value: ['pump', 'turbofan'], multi: true },
  device: { value: 'P-1' },
  channel: { value: 'vibration', multi: true },
  worker: { value: ['main'], multi: true },
}

const isPattern = (name: string) => name.startsWith('/')
const matching = (name: string, known: Iterable<string>) =>
  [...known].filter((one) => (isPattern(name) ? new RegExp(name.slice(1, -1)).test(one) : one === name))

/** Names in a query that the store does not have. */
function strangers(query: string): string[] {
  const expanded = expandQuery(query, { values, from: 0, to: 1, intervalMs: 60_000 })
  const { measurement, columns } = asksFor(expanded)
  const found = matching(measurement, store.keys())
  if (found.length === 0) return [measurement]
  const known = found.flatMap((one) => store.get(one)!)
  return columns.filter((column) => matching(column, known).length === 0)
}

describe.each(dashboardNames)('the queries of dashboard %s', (name) => {
  const subject = dashboard(name)
  const queries = [
    ...subject.templating.list.flatMap((v) => queryOf(v) ?? []),
    ...annotationsOf(subject).map((a) => a.target.query),
    ...panelsOf(subject).flatMap((panel) => (panel.targets ?? []).map((target) => target.query)),
  ]

  it('name only what stands in the store', () => {
    expect(queries.length).toBeGreaterThan(5)
    expect(queries.flatMap(strangers)).toEqual([])
  })

  it('are understood well enough to find a slip in any single name', () => {
    const names = (query: string) => [...query.matchAll(/(?<!AS )"(\w+)"/g)].map((m) => m[0])
    for (const query of queries) {
      // the names that a nested query gives are its own affair
      const outermost = query.includes('(SELECT') || query.includes('FROM (') ? [] : names(query)
      for (const quoted of outermost) {
        const slip = query.replace(new RegExp(`(?<!AS )${quoted}`), quoted.replace(/"$/, 'x"'))
        expect(strangers(slip), slip).not.toEqual([])
      }
    }
  })
})

describe('a slip', () => {
  it.each([
    ['in a measurement', 'SELECT "p50" FROM "scores"', ['scores']],
    ['in a field', 'SELECT "p51" FROM "score"', ['p51']],
    ['in a tag that is compared', 'SELECT "p50" FROM "score" WHERE "sites" =~ /^$site$/', ['sites']],
    [
      'in a tag that is grouped by',
      'SELECT "p50" FROM "score" GROUP BY time($__interval), "devic"',
      ['devic'],
    ],
    [
      'inside a nested query',
      'SELECT sum("a") FROM (SELECT last("storde") AS "a" FROM "pipeline")',
      ['storde'],
    ],
    ['in a variable', 'SHOW TAG VALUES FROM "score" WITH KEY = "diveces"', ['diveces']],
    ['in a channel', 'SELECT mean(/^vibratoin$/) FROM /^$type$/', ['/^vibratoin$/']],
  ])('%s is found', (_where, query, found) => {
    expect(strangers(query)).toEqual(found)
  })
})
