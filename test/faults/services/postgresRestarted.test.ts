import { describePlantFault } from '../../support/plantFault.ts'

describePlantFault({
  title: 'PostgreSQL is restarted',
  fault: ({ postgres }) => ({
    breakIt: () => postgres.stop('SIGKILL'),
    named: /"tickets"[^}]*"ok":false/,
    awayMs: 8_000,
    mendIt: () => postgres.start(),
  }),
})
