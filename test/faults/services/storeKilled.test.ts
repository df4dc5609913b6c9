import { describePlantFault } from '../../support/plantFault.ts'

describePlantFault({
  title: 'the store is killed for twenty seconds',
  fault: ({ influx }) => ({
    breakIt: () => influx.stop('SIGKILL'),
    named: /"store"[^}]*"ok":false/,
    awayMs: 20_000,
    mendIt: () => influx.start(),
  }),
})
