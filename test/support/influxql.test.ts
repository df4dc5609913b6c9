import { describe, expect, it } from 'vitest'
import { asksFor } from './influxql.ts'

describe('asksFor', () => {
  it('finds the measurement, and what is selected, compared and grouped by', () => {
    expect(
      asksFor(
        `SELECT last("p50") AS "life", "site" FROM "score"
         WHERE "device" =~ /^P \\/"1"$/ AND "role" = 'champion "x"' AND time >= 5ms - 1h GROUP BY time(1m), "model" fill(none)`,
      ),
    ).toEqual({ measurement: 'score', columns: ['p50', 'site', 'device', 'role', 'model'] })
  })

  it('takes measurement and field as regular expressions', () => {
    expect(asksFor('SELECT mean(/^flow$/) FROM /^(pump|fan)$/')).toEqual({
      measurement: '/^(pump|fan)$/',
      columns: ['/^flow$/'],
    })
  })

  it('asks the store only for what an inner SELECT does not give', () => {
    expect(
      asksFor(
        'SELECT sum("n"), "oops" FROM (SELECT last("count") AS "n" FROM "dead_letter" GROUP BY "worker") WHERE "n" > 0 GROUP BY "reason"',
      ),
    ).toEqual({ measurement: 'dead_letter', columns: ['count', 'worker', 'oops', 'reason'] })
  })

  it('understands SHOW TAG VALUES', () => {
    expect(
      asksFor('SHOW TAG VALUES FROM "channel" WITH KEY = "channel" WHERE "asset_type" =~ /^a$/'),
    ).toEqual({
      measurement: 'channel',
      columns: ['channel', 'asset_type'],
    })
  })

  it('says where it no longer understands', () => {
    expect(() => asksFor('SELECT "a" INTO "b" FROM "c" )')).toThrow('not understood: )')
    expect(() => asksFor('DROP MEASUREMENT "score"')).toThrow('SELECT expected')
    expect(() => asksFor('SELECT "a" FROM "b" WHERE ; ')).toThrow('not understood: ;')
  })
})
