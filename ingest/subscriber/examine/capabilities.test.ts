import { expect, it } from 'vitest'
import { parseConfig } from '../../../core/config.ts'
import { examineCapabilities } from './capabilities.ts'

const { mqtt } = parseConfig({})
const shared = { ...mqtt, shareGroup: 'ingest' }

it('says nothing of a broker that says nothing or grants all', () => {
  expect(examineCapabilities(undefined, mqtt)).toEqual([])
  expect(examineCapabilities({}, shared)).toEqual([])
  const generous = { sessionExpiryInterval: 168 * 3600, maximumQoS: 2, maximumPacketSize: 1e6 }
  expect(examineCapabilities(generous, shared)).toEqual([])
})

it.each([
  ['a session for an hour', { sessionExpiryInterval: 3600 }, mqtt, 'MQTT session', 'warning', /1 h .* 168 h/],
  ['no session at all', { sessionExpiryInterval: 0 }, mqtt, 'MQTT session', 'problem', /0 h/],
  ['QoS 0 only', { maximumQoS: 0 }, mqtt, 'MQTT QoS', 'problem', /nothing is acknowledged/],
  ['no wildcards', { wildcardSubscriptionAvailable: false }, mqtt, 'MQTT topics', 'problem', /wildcard/],
  ['no sharing', { sharedSubscriptionAvailable: false }, shared, 'MQTT sharing', 'problem', /shared/],
  ['small packets', { maximumPacketSize: 1000 }, mqtt, 'MQTT packets', 'warning', /1000 bytes/],
] as const)('names %s', (_name, properties, config, what, level, detail) => {
  expect(examineCapabilities(properties, config)).toEqual([
    { what, level, detail: expect.stringMatching(detail), remedy: expect.any(String) },
  ])
})

it('does not mind sharing that nobody asked for', () => {
  expect(examineCapabilities({ sharedSubscriptionAvailable: false }, mqtt)).toEqual([])
})
