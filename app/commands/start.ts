import { Command } from 'commander'
import type { Config } from '../../core/config.ts'
import { roleNames } from '../../core/configSchema.ts'
import type { Running } from '../journey.ts'
import { loadConfig } from '../loadConfig.ts'
import { createLogger } from '../logger.ts'
import { untilStopped } from '../untilStopped.ts'

interface Options {
  readonly config?: string
  readonly role?: string
  readonly name?: string
}

/** `forewarn start`: the whole journey, or some of its roles, for real devices until Ctrl-C. */
export function startCommand(): Command {
  return new Command('start')
    .description(
      'run for real devices until Ctrl-C; data in ./data survives restarts; SIGHUP loads newly trained models',
    )
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--role <list>', `what this process does, any of ${roleNames.join(',')} (default: all)`)
    .option('--name <name>', 'stable name of this process among those of the installation')
    .addHelpText(
      'after',
      '\nProcesses with some of the roles share InfluxDB, Redis and PostgreSQL: set telemetry.url, queue.url and tickets.url.',
    )
    .action(async (options: Options) => {
      const config = loadConfig(options.config, environmentOf(options))
      const logger = createLogger(config.logLevel)
      const stopped = untilStopped()
      const { startProcess } = await import('../journey.ts')
      const running = await startProcess({
        config,
        logger,
        onFatal: stopped.fail,
        signal: stopped.signal,
      }).catch(async (error) => {
        if (!stopped.signal.aborted) throw error
        await stopped.wait
      })
      if (!running) return
      logger.info(announcement(config, running))
      process.on('SIGHUP', () => {
        running.reloadModels().then(
          () => logger.info('models loaded anew'),
          (error) => logger.error({ err: error }, 'the models stay as they were'),
        )
      })
      try {
        await stopped.wait
      } finally {
        logger.info('stopping')
        await running.close()
      }
      // What a library has left running (BullMQ's lock timer, where Redis was away) must not hold the process.
      process.exit()
    })
}

/** An option is said last, so it counts more than file and environment. */
const environmentOf = ({ role, name }: Options): NodeJS.ProcessEnv => ({
  ...process.env,
  ...(role !== undefined && { FOREWARN_WORKER_ROLES: role }),
  ...(name !== undefined && { FOREWARN_WORKER_NAME: name }),
})

function announcement({ worker }: Config, { httpUrl, mqttUrl }: Running): string {
  const page = `${worker.roles.includes('web') ? 'page and API' : 'health'} at ${httpUrl}`
  const devices = mqttUrl === undefined ? '' : `, devices publish to ${mqttUrl}`
  const roles = worker.roles.length < roleNames.length ? ` (${worker.name}: ${worker.roles.join(', ')})` : ''
  return `${page}${devices}${roles}`
}
