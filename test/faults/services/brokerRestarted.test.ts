import { describePlantFault } from '../../support/plantFault.ts'

describePlantFault({
  title: 'the external broker is stopped and started again',
  externalBroker: true,
  fault: ({ broker }) => ({
    breakIt: () => broker!.stop('SIGTERM'),
    named: /"broker"[^}]*"ok":false/,
    awayMs: 8_000,
    mendIt: () => broker!.start(),
  }),
})
