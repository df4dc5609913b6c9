import { startService } from '../../services/harness.ts'
import { describePlantFault } from '../../support/plantFault.ts'

describePlantFault({
  title: 'Redis is killed and started again',
  startRedis: () => startService('redis-server'),
  fault: ({ redis }) => ({
    breakIt: () => redis.stop('SIGKILL'),
    named: /"queue"[^}]*"ok":false/,
    awayMs: 8_000,
    mendIt: () => redis.start(),
  }),
})
