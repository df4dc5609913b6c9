import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** CONNECT of MQTT 3.1.1, clean session, keep alive off, client id `frozen` (section 3.1). */
const connectPacket = Buffer.from('\x10\x12\0\x04MQTT\x04\x02\0\0\0\x06frozen', 'latin1')
/** SUBSCRIBE to forewarn/# with QoS 0 (section 3.8). */
const subscribePacket = Buffer.from('\x82\x0f\0\x01\0\x0aforewarn/#\0', 'latin1')

/** A subscriber to everything that does not read what comes. */
export async function freezeSubscriber(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(connectPacket)
  await once(socket, 'data')
  socket.write(subscribePacket)
  await once(socket, 'data')
  socket.pause()
  return socket
}
