import { describe, expect, it } from 'vitest'
import { type ComposeFile, type ComposeService, composeText, parseCompose } from './composeFile.ts'
import { composeProblems, serviceRules } from './composeRules.ts'

const compose = parseCompose(composeText())

/** A reference as Compose fills it in. */
const ref = (inside: string): string => `$\u007b${inside}}`

describe('a compose file that breaks a rule', () => {
  type Change = (service: ComposeService) => object
  const changed = (name: string, change: Change): ComposeFile => {
    const service = compose.services[name]!
    return {
      ...compose,
      services: { ...compose.services, [name]: { ...service, ...change(service) } as ComposeService },
    }
  }
  const environment =
    (extra: object): Change =>
    (service) => ({ environment: { ...service.environment, ...extra } })
  /** Rule, service, what is done to it. */
  const cases: [rule: string, service: string, change: Change][] = [
    ['an image of one exact version', 'redis', () => ({ image: 'redis:7' })],
    ['an image of one exact version', 'influxdb', () => ({ image: 'influxdb:latest' })],
    ['an image of one exact version', 'postgres', () => ({ image: 'postgres:16' })],
    ['an image of one exact version', 'grafana', () => ({ image: 'grafana/grafana-oss' })],
    ['a health check with its times', 'grafana', () => ({ healthcheck: undefined })],
    [
      'a health check with its times',
      'redis',
      (s) => ({ healthcheck: { ...s.healthcheck, timeout: undefined } }),
    ],
    [
      'a start after healthy services only',
      'forewarn',
      () => ({ depends_on: { redis: { condition: 'service_started' } } }),
    ],
    [
      'data in named volumes, files of ours read-only',
      'redis',
      () => ({ volumes: ['./deploy/redis:/etc/forewarn'] }),
    ],
    ['data in named volumes, files of ours read-only', 'redis', () => ({ volumes: ['unknown:/data'] })],
    ['data in named volumes, files of ours read-only', 'redis', () => ({ volumes: ['/:/host:ro'] })],
    ['a user that is not root', 'influxdb', () => ({ user: '0:0' })],
    ['a user that is not root', 'influxdb', () => ({ user: undefined })],
    ['a read-only root', 'forewarn', () => ({ read_only: false })],
    ['a memory limit', 'forewarn', () => ({ mem_limit: undefined })],
    ['no capabilities and no way to more rights', 'mosquitto', () => ({ cap_drop: [] })],
    ['no capabilities and no way to more rights', 'mosquitto', () => ({ cap_add: ['NET_ADMIN'] })],
    ['no capabilities and no way to more rights', 'mosquitto', () => ({ security_opt: [] })],
    ['no capabilities and no way to more rights', 'mosquitto', () => ({ privileged: true })],
    ['a network of its own', 'forewarn', () => ({ network_mode: 'host' })],
    ['a network of its own', 'forewarn', () => ({ networks: ['elsewhere'] })],
    ['ports on loopback only', 'grafana', () => ({ ports: ['3000:3000'] })],
    ['ports on loopback only', 'forewarn', () => ({ ports: [`0.0.0.0:${ref('PORT:-1883')}:1883`] })],
    ['a way out only where ports are published', 'postgres', () => ({ networks: ['front', 'services'] })],
    ['secrets from .env, none by default', 'grafana', environment({ GF_SECURITY_ADMIN_PASSWORD: 'admin' })],
    [
      'secrets from .env, none by default',
      'grafana',
      environment({ GF_SECURITY_ADMIN_PASSWORD: ref('GRAFANA_PASSWORD:-admin') }),
    ],
    ['secrets from .env, none by default', 'grafana', environment({ INFLUX_TOKEN: ref('INFLUX_TOKEN') })],
    [
      'secrets from .env, none by default',
      'forewarn',
      environment({ FOREWARN_QUEUE_URL: 'redis://:secret@redis:6379' }),
    ],
    [
      'secrets from .env, none by default',
      'forewarn',
      environment({ FOREWARN_HTTP_TOKENS: 'planner:0123456789abcdef' }),
    ],
    ['forewarn’s variables are configuration keys', 'forewarn', environment({ FOREWARN_HTTP_TLS: 'x' })],
    [
      'forewarn’s variables are configuration keys',
      'forewarn',
      environment({ OTHER: ref('FOREWARN_NOTHING:-') }),
    ],
  ]

  it.each(cases)('is found: %s, at %s', (rule, service, change) => {
    const problems = composeProblems(changed(service, change))
    expect(problems.map((problem) => problem.split(' (')[0])).toContain(`${service}: ${rule}`)
  })

  it('is tried for every rule', () => {
    expect([...new Set(cases.map(([rule]) => rule))].sort()).toEqual(Object.keys(serviceRules).sort())
  })
})
