import { afterAll, beforeAll, expect, it } from 'vitest'
import { openQueue } from '../../alerts/queue/open.ts'
import { connectRedis, type RedisLink } from '../../alerts/redis/link.ts'
import { fresh, queueSettings, until } from '../contracts/queue.suite.ts'
import { type Certificate, describeTls, selfSigned } from '../support/certificate.ts'
import { describeService, freePort, type Service, type ServiceName, startService } from './harness.ts'

describeService('redis-sentinel', 'Redis over TLS', () => {
  describeTls('with a certificate of its own', () => {
    let certificate: Certificate
    const started: Service[] = []
    beforeAll(() => {
      certificate = selfSigned()
    })
    afterAll(async () => {
      for (const service of started.toReversed()) await service.close()
      certificate.remove()
    })

    /** A server that speaks TLS on a port of its own, beside the plain one that the harness asks. */
    async function startTls(
      name: ServiceName,
      settings: string,
    ): Promise<{ service: Service; port: number }> {
      const port = await freePort()
      const { certFile, keyFile } = certificate
      const files = `tls-cert-file ${certFile}\ntls-key-file ${keyFile}\ntls-ca-cert-file ${certFile}`
      const tls = `tls-port ${port}\n${files}\ntls-auth-clients no\ntls-replication yes`
      const service = await startService(name, `${tls}\n${settings}`)
      started.push(service)
      return { service, port }
    }

    /** Connects with the certificate, hands a prediction through, and does not get in without the certificate. */
    async function isSpoken(url: string) {
      const settings = { ...queueSettings, url, caFile: certificate.certFile }
      const link: RedisLink = await connectRedis(settings)
      const further = link.duplicate()
      await until('a further connection is there', () => further.status === 'ready')
      const queue = await openQueue(settings, { redis: link })
      const handled: string[] = []
      const prediction = fresh()
      await queue.process(async ({ id }) => void handled.push(id))
      await queue.add(prediction)
      await until('it is handled', () => handled.includes(prediction.id))
      await queue.close()
      await link.close()
      await expect(connectRedis({ ...settings, caFile: '' })).rejects.toThrow(/certificate|failed to connect/)
    }

    it('is spoken with one server', async () => {
      const { port } = await startTls('redis-server', '')
      await isSpoken(`rediss://127.0.0.1:${port}`)
    })

    it('is spoken with Sentinels and their master', async () => {
      const master = await startTls('redis-server', '')
      const sentinel = await startTls('redis-sentinel', `sentinel monitor plant 127.0.0.1 ${master.port} 1`)
      await isSpoken(`rediss+sentinel://127.0.0.1:${sentinel.port}/plant`)
    })

    it('is spoken with the nodes of a cluster', async () => {
      const bus = await freePort()
      const node = await startTls(
        'redis-server',
        `cluster-enabled yes\ncluster-port ${bus}\ncluster-announce-ip 127.0.0.1\ntls-cluster yes`,
      )
      const plain = await connectRedis({ ...queueSettings, url: node.service.url })
      await plain.client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
      await until('it is whole', async () =>
        /state:ok/.test(String(await plain.client.call('CLUSTER', 'INFO'))),
      )
      await plain.close()
      await isSpoken(`rediss+cluster://127.0.0.1:${node.port}`)
    })
  })
})
