import type { Config } from '../../core/config.ts'
import { isLoopback } from '../../core/loopback.ts'
import type { Finding } from '../finding.ts'

/** Where credentials travel unencrypted because the configuration says that the network is nobody else's. */
export function examinePlainText({ http, mqtt }: Config): Finding[] {
  const listeners = [
    { section: 'http', secret: 'tokens', listens: true, ...http },
    { section: 'mqtt', secret: 'passwords', listens: mqtt.url === '', ...mqtt },
  ]
  return listeners
    .filter(({ listens, host, tlsCert }) => listens && !isLoopback(host) && !tlsCert)
    .map(({ section, secret, host }) => ({
      what: `${section} without TLS`,
      level: 'warning',
      detail: `${section}.withoutTls is private-network: whoever reads along on the network of ${host} reads ${secret}`,
      remedy: `Right for a container whose port is published on loopback, or behind a proxy that ends TLS; else set ${section}.tlsCert and ${section}.tlsKey.`,
    }))
}
