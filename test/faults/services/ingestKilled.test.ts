import { describePlantFault } from '../../support/plantFault.ts'

describePlantFault({
  title: 'an ingest process is killed',
  fault: ({ installation }) => ({
    breakIt: () => installation.processes.ingest.kill(),
    named: /no word of ingest-1/,
    awayMs: 8_000,
    mendIt: () => installation.restart('ingest'),
  }),
})
