import { describe, expect, it } from 'vitest'
import { queryPath, serverOf, writePath } from './flavour.ts'

const headers = (build: string, version: string) => ({
  'x-influxdb-build': build,
  'x-influxdb-version': version,
})

describe('flavours of InfluxDB', () => {
  it.each([
    ['OSS', '1.6.7~rc0', 'v1'],
    ['OSS', '1.8.10', 'v1'],
    // https://docs.influxdata.com/influxdb/v2/api/ping/
    ['OSS', 'v2.7.11', 'v2'],
    ['OSS', '2.0.9', 'v2'],
    ['Core', '3.8.0', 'v3'],
    ['Enterprise', '3.2.1', 'v3'],
  ])('build %s, version %s is %s', (build, version, flavour) => {
    expect(serverOf(headers(build, version))?.flavour).toBe(flavour)
  })

  it('knows no others', () => {
    // https://docs.influxdata.com/influxdb/v2/api/ping/: InfluxDB Cloud names no version
    expect(serverOf({})).toBeUndefined()
    expect(serverOf(headers('OSS', 'v4.0.0'))).toBeUndefined()
    expect(serverOf(headers('OSS', 'unknown'))).toBeUndefined()
  })

  it('has a path for lines each', () => {
    expect(writePath('v1', 'plant', 'works')).toBe('/write?db=plant&precision=ms')
    expect(writePath('v1', 'plant/raw', '')).toBe('/write?db=plant&rp=raw&precision=ms')
    // https://docs.influxdata.com/influxdb/v2/write-data/developer-tools/api/
    expect(writePath('v2', 'plant/raw', 'my works')).toBe(
      '/api/v2/write?bucket=plant%2Fraw&precision=ms&org=my+works',
    )
    // https://docs.influxdata.com/influxdb3/core/write-data/http-api/compatibility-apis/
    expect(writePath('v3', 'plant', '')).toBe('/api/v2/write?bucket=plant&precision=ms')
  })

  it('has a path for questions each: 3 takes database and policy as one name', () => {
    expect(queryPath('v1', 'plant')).toBe('/query?epoch=ms&db=plant')
    expect(queryPath('v2', 'plant/raw')).toBe('/query?epoch=ms&db=plant&rp=raw')
    expect(queryPath('v3', 'plant/raw')).toBe('/query?epoch=ms&db=plant%2Fraw')
    expect(queryPath('v1', undefined)).toBe('/query?epoch=ms')
  })
})
