import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** CONNECT of MQTT 3.1.1, clean session, keep alive off, client id `frozen` (section 3.1). */
const connectPacket = Buffer.from('\x10\x12\0\x04MQTT\x04\x02\0\0\0\x06frozen', 'latin1')
/** SUBSCRIBE to forewarn/# with QoS 0 (section 3.8). */
const subscribePacket = Buffer.from('\x82\x0f\0\x01\0\x0aforewarn/#\0', 'latin1')

/** A subscriber to everything that does not read what comes. Throws where the broker is away, or goes meanwhile. */
export async function freezeSubscriber(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const gone = once(socket, 'close').then(() => Promise.reject(new Error('the broker is gone')))
  gone.catch(() => undefined)
  socket.on('error', () => undefined)
  const next = (event: string) => Promise.race([once(socket, event), gone])
  await next('connect')
  socket.write(connectPacket)
  await next('data')
  socket.write(subscribePacket)
  await next('data')
  socket.pause()
  return socket
}
