import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { dashboardNames, rendered } from '../../scripts/dashboards.ts'

interface DataSource {
  readonly uid: string
  readonly type: string
  readonly url: string
  readonly jsonData: Readonly<Record<string, string>>
  readonly secureJsonData: Readonly<Record<string, string>>
}

const read = <T>(file: string) =>
  parse(readFileSync(new URL(`../../dashboards/provisioning/${file}`, import.meta.url), 'utf8')) as T

const { datasources } = read<{ datasources: DataSource[] }>('datasources/forewarn.yaml')

describe('the provisioned data source', () => {
  it('is the one that every dashboard asks, by its fixed uid', () => {
    const asked = dashboardNames.flatMap((name) => [
      ...rendered(name).matchAll(/"uid": "(?!forewarn-(?:fleet|device|model|pipeline)")([^"]+)"/g),
    ])
    expect(datasources.map(({ uid, type }) => ({ uid, type }))).toEqual([
      { uid: 'forewarn-influx', type: 'influxdb' },
    ])
    expect(new Set(asked.map((m) => m[1]))).toEqual(new Set(['forewarn-influx']))
  })

  it('has address, database and secret from the environment, and names the header that the secret goes into', () => {
    const [source] = datasources
    expect(source!.url).toBe('$INFLUX_URL')
    expect(source!.jsonData).toMatchObject({
      dbName: '$INFLUX_DATABASE',
      httpMode: 'POST',
      httpHeaderName1: 'Authorization',
    })
    expect(source!.secureJsonData).toEqual({ httpHeaderValue1: 'Token $INFLUX_TOKEN' })
  })
})

describe('the provisioned dashboards', () => {
  it('come from a folder that the environment names and are not changed in the browser', () => {
    const { providers } = read<{ providers: object[] }>('dashboards/forewarn.yaml')
    expect(providers).toMatchObject([
      { type: 'file', allowUiUpdates: false, folderUid: 'forewarn', options: { path: '$DASHBOARDS_FOLDER' } },
    ])
  })
})
