import { Redis } from 'ioredis'
import { until } from '../support/forewarnProcess.ts'
import { freePort, type Service, startService } from './harness.ts'

export interface ClusterSetup {
  /** As `queue.url` takes it. */
  readonly url: string
  /** Three masters without replicas, each with a third of the slots. */
  readonly nodes: readonly Service[]
  /** The node that holds a key's slot. */
  holder(key: string): Promise<Service>
  close(): Promise<void>
}

const slots = 16_384

/** @param settings further lines of every node's configuration */
export async function startCluster(settings = ''): Promise<ClusterSetup> {
  const nodes: Service[] = []
  const busPorts: number[] = []
  const clients: Redis[] = []
  const close = async () => {
    for (const client of clients) client.disconnect()
    for (const node of nodes) await node.close()
  }
  try {
    for (let i = 0; i < 3; i++) {
      // By default the bus is 10,000 above the port, which may be beyond the last one.
      const bus = await freePort()
      const node = await startService(
        'redis-server',
        `cluster-enabled yes\ncluster-port ${bus}\ncluster-node-timeout 2000\n${settings}`,
      )
      nodes.push(node)
      busPorts.push(bus)
      clients.push(clientOf(node))
    }
    await join(clients, nodes, busPorts)
  } catch (error) {
    await close()
    throw error
  }
  const url = `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`
  const holder = async (key: string) => nodes[shareOf(await clients[0]!.cluster('KEYSLOT', key))]!
  return { url, nodes, holder, close }
}

function clientOf(node: Service): Redis {
  const client = new Redis(node.port, '127.0.0.1')
  client.on('error', () => undefined)
  return client
}

const firstSlot = (share: number) => Math.floor((slots * share) / 3)
const shareOf = (slot: number) => [0, 1, 2].findLast((share) => firstSlot(share) <= slot)!

/** What `redis-cli --cluster create` does, without its questions. */
async function join(clients: readonly Redis[], nodes: readonly Service[], busPorts: readonly number[]) {
  for (const [share, client] of clients.entries()) {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', String(firstSlot(share)), String(firstSlot(share + 1) - 1))
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(share + 1))
  }
  for (const [i, node] of nodes.entries())
    await clients[0]!.call('CLUSTER', 'MEET', '127.0.0.1', String(node.port), String(busPorts[i]))
  const info = () => Promise.all(clients.map((client) => client.cluster('INFO')))
  const whole = (text: unknown) => /cluster_state:ok.*cluster_known_nodes:3/s.test(String(text))
  await until(info, (answers) => answers.every(whole))
}
