import { describe, expect, it } from 'vitest'
import { measurements, recordOf, reservedMeasurements, series } from './series.ts'

describe('series', () => {
  it('reserves the name of everything that stands beside the asset types, once each', () => {
    expect(new Set(reservedMeasurements).size).toBe(measurements.length)
    expect(reservedMeasurements).toEqual(
      expect.arrayContaining(['score', 'ticket_event', 'pipeline', 'channel']),
    )
    // whatever is added to `series` with a measurement's name has to be in the list
    const named = Object.values(series).flatMap((one) =>
      typeof one === 'object' && 'measurement' in one ? [one] : [],
    )
    expect(measurements).toEqual(named)
  })

  it('calls no tag like a field of the same measurement: InfluxDB would return either', () => {
    const doubled = measurements.filter(({ tags, fields }) => tags.some((tag) => fields.includes(tag)))
    expect(doubled).toEqual([])
  })

  it('makes records of a measurement', () => {
    expect(recordOf(series.deadLetter, { worker: 'main', reason: 'not_json' }, { count: 3 }, 7)).toEqual({
      measurement: 'dead_letter',
      tags: { worker: 'main', reason: 'not_json' },
      fields: { count: 3 },
      time: 7,
    })
  })
})
