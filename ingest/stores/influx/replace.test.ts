import { afterEach, expect, it } from 'vitest'
import { batchOfRows, suiteCatalogue } from '../../../test/contracts/telemetryStore.suite.ts'
import {
  type Script,
  type ScriptedFlavour,
  type ScriptedInflux,
  startScriptedInflux,
} from '../../../test/support/scriptedInflux.ts'
import { telemetryAt } from '../../../test/support/telemetryAt.ts'
import { createInfluxStore } from './influxStore.ts'

const t0 = 1_764_000_000_000
let server: ScriptedInflux
afterEach(() => server.close())

/** A server that has one reading with force and heat; what replaces it brings force alone. */
const script: Script = ({ path, body }) => {
  const statement = path === '/query' ? new URLSearchParams(body).get('q')! : ''
  const series = (columns: string[], ...values: unknown[][]) => ({
    status: 200,
    body: { results: [{ series: [{ name: 'press', tags: { device: 'a' }, columns, values }] }] },
  })
  if (statement.startsWith('SELECT last') && statement.includes('"press"'))
    return series(['time', 'last'], [t0, 1])
  return statement.startsWith('SELECT *')
    ? series(['time', 'device', 'force', 'heat', 'received_at', 'site'], [t0, 'a', 1, 2, 3, 'hall'])
    : undefined
}

async function replaceOn(flavour: ScriptedFlavour): Promise<void> {
  server = await startScriptedInflux(flavour, script)
  const telemetry = telemetryAt(`${server.url}/plant`, { token: 't', org: 'works' })
  const store = createInfluxStore(telemetry, suiteCatalogue)
  const rows = [{ device: 'a', time: t0, values: [5, Number.NaN, Number.NaN] }]
  expect(await store.write([batchOfRows('press', rows)], 1)).toEqual({
    stored: 0,
    duplicates: 1,
    refused: [],
  })
  await store.close()
}
const statements = () => server.asked('POST /query').map(({ body }) => new URLSearchParams(body).get('q')!)

// https://docs.influxdata.com/influxdb/v2/write-data/delete-data/
it('2.x deletes what is replaced and has more values, in the bucket of the readings', async () => {
  await replaceOn('v2')
  const [asked, ...more] = server.asked('POST /api/v2/delete')
  expect(more).toEqual([])
  expect(Object.fromEntries(asked!.query)).toEqual({ org: 'works', bucket: 'plant' })
  expect(JSON.parse(asked!.body)).toEqual({
    start: '2025-11-24T16:00:00.000Z',
    stop: '2025-11-24T16:00:00.000001Z',
    predicate: '_measurement="press" AND device="a"',
  })
})

it('1.x deletes by InfluxQL', async () => {
  await replaceOn('v1')
  expect(statements().filter((statement) => statement.startsWith('DELETE'))).toEqual([
    `DELETE FROM "press" WHERE "device" = 'a' AND time >= ${t0}ms AND time <= ${t0}ms`,
  ])
})

// https://docs.influxdata.com/influxdb3/core/reference/influxql/feature-support/: no DELETE
it('3 has no way to delete, and is not asked', async () => {
  await replaceOn('v3')
  expect(statements().some((statement) => statement.startsWith('DELETE'))).toBe(false)
  expect(server.asked('POST /api/v2/write')).toHaveLength(1)
})
