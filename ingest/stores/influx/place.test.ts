import { describe, expect, it } from 'vitest'
import { telemetryAt } from '../../../test/support/telemetryAt.ts'
import { databaseOf, hourlyBucket, parsePlace } from './place.ts'

describe('the place of an InfluxDB', () => {
  it('is taken from the URL, with defaults', () => {
    expect(parsePlace(telemetryAt('influx://plant'))).toEqual({
      url: 'http://plant:8086',
      bucket: 'forewarn',
      org: '',
      token: '',
      basic: undefined,
    })
    expect(
      parsePlace(
        telemetryAt('influxs://me:s%40cret@plant:443/hall%201/raw', { token: 'secret', org: 'works' }),
      ),
    ).toEqual({
      url: 'https://plant:443',
      bucket: 'hall 1/raw',
      org: 'works',
      token: 'secret',
      basic: `Basic ${Buffer.from('me:s@cret').toString('base64')}`,
    })
  })

  it('must be there', () => {
    for (const url of ['influx:', 'influx://', 'nonsense']) {
      expect(() => parsePlace(telemetryAt(url))).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    }
  })

  it('names the roll-ups beside the readings, whatever policy those have', () => {
    const hourly = (url: string) => hourlyBucket(parsePlace(telemetryAt(url)))
    expect([hourly('influx://h/plant'), hourly('influx://h/plant/raw')]).toEqual([
      'plant/hourly',
      'plant/hourly',
    ])
    expect(databaseOf('plant/raw')).toEqual({ database: 'plant', policy: 'raw' })
    expect(databaseOf('plant')).toEqual({ database: 'plant', policy: undefined })
  })
})
