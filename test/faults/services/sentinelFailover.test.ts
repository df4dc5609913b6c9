import type { Service } from '../../services/harness.ts'
import { startSentinel } from '../../services/redisSentinel.ts'
import { describePlantFault } from '../../support/plantFault.ts'

let master: Service

describePlantFault({
  title: 'the Redis master dies and Sentinel fails over',
  startRedis: () => startSentinel(),
  fault: ({ redis: sentinel }) => ({
    breakIt: async () => {
      master = await sentinel.master()
      await master.stop('SIGKILL')
    },
    named: /"queue"[^}]*"ok":false/,
    awayMs: 15_000,
    // back as a replica of the new master
    mendIt: () => master.start(),
  }),
})
