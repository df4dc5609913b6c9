import { Command } from 'commander'
import { ForewarnError, messageOf } from '../core/errors.ts'
import { backtestCommand } from './commands/backtest.ts'
import { backupCommand } from './commands/backup.ts'
import { configCommand } from './commands/config.ts'
import { deadlettersCommand } from './commands/deadletters.ts'
import { demoCommand } from './commands/demo.ts'
import { deviceCommand } from './commands/device.ts'
import { doctorCommand } from './commands/doctor.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { maintenanceCommand } from './commands/maintenance.ts'
import { mapCommand } from './commands/map.ts'
import { migrateStoreCommand } from './commands/migrateStore.ts'
import { modelsCommand } from './commands/models.ts'
import { replayCommand } from './commands/replay.ts'
import { restoreCommand } from './commands/restore.ts'
import { startCommand } from './commands/start.ts'
import { ticketCommand } from './commands/ticket.ts'
import { trainCommand } from './commands/train.ts'
import { version } from './version.ts'

// A command loads what it needs when it runs: help and errors come at once, without the engines.
const program = new Command('forewarn')
  .description('Predictive maintenance from the machine’s telemetry to the service ticket.')
  .version(version)
  .showHelpAfterError('(add --help for the options)')
  .addCommand(demoCommand())
  .addCommand(startCommand())
  .addCommand(doctorCommand())
  .addCommand(configCommand())
  .addCommand(deadlettersCommand())
  .addCommand(mapCommand())
  .addCommand(migrateStoreCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(replayCommand())
  .addCommand(trainCommand())
  .addCommand(evaluateCommand())
  .addCommand(backtestCommand())
  .addCommand(modelsCommand())
  .addCommand(ticketCommand())
  .addCommand(deviceCommand())
  .addCommand(maintenanceCommand())
  .addHelpText(
    'after',
    '\nStart with `forewarn demo`: a simulated fleet, everything in one process, nothing to install.',
  )

// Commands that were added ready-made do not inherit the hint after an error.
for (const command of program.commands)
  for (const one of [command, ...command.commands]) one.copyInheritedSettings(program)

// A reader that has seen enough (`| head -1`) is no reason to stop half-way with a stack trace.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${report(error)}\n`)
  process.exit(1)
})

/** An expected error in two lines: what is wrong, and what to do; an unexpected one with its stack. */
function report(error: unknown): string {
  if (error instanceof ForewarnError && error.code === 'REQUEST_INVALID')
    return `forewarn: ${error.details.problem}\n  Add --help for the options.`
  if (error instanceof ForewarnError) return `forewarn: ${error.message} [${error.code}]\n  ${error.remedy}`
  return `forewarn: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`
}
