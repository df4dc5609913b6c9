import { createServer } from 'node:net'
import { Aedes } from 'aedes'

/* aedes alone: acknowledges every message and keeps none. The limit that a broker on this machine could reach with it. */
const broker = await Aedes.createBroker()
const server = createServer({ noDelay: true }, broker.handle)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send!({ port: typeof address === 'object' && address ? address.port : 0 })
})
process.once('disconnect', () => process.exit(0))
