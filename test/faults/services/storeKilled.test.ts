import { startService } from '../../services/harness.ts'
import { describePlantFault } from '../../support/plantFault.ts'

describePlantFault({
  title: 'the store is killed for twenty seconds',
  startRedis: () => startService('redis-server'),
  fault: ({ influx }) => ({
    breakIt: () => influx.stop('SIGKILL'),
    named: /"store"[^}]*"ok":false/,
    awayMs: 20_000,
    mendIt: () => influx.start(),
  }),
})
