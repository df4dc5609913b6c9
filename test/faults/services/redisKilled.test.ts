import { describePlantFault } from '../../support/plantFault.ts'

describePlantFault({
  title: 'Redis is killed and started again',
  fault: ({ redis }) => ({
    breakIt: () => redis.stop('SIGKILL'),
    named: /"queue"[^}]*"ok":false/,
    awayMs: 8_000,
    mendIt: () => redis.start(),
  }),
})
