import { Command } from 'commander'
import { loadConfig } from '../loadConfig.ts'
import { createLogger } from '../logger.ts'
import { untilStopped } from '../untilStopped.ts'

/** `forewarn start`: the whole journey for real devices, until Ctrl-C. */
export function startCommand(): Command {
  return new Command('start')
    .description(
      'run everything in one process for real devices; data in ./data survives restarts; SIGHUP loads newly trained models',
    )
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .action(async (options: { config?: string }) => {
      const config = loadConfig(options.config)
      const logger = createLogger(config.logLevel)
      const stopped = untilStopped()
      const { startJourney } = await import('../journey.ts')
      const journey = await startJourney({ config, logger, onFatal: stopped.fail })
      logger.info(`page and API at ${journey.httpUrl}, devices publish to ${journey.mqttUrl}`)
      process.on('SIGHUP', () => {
        journey.reloadModels().then(
          () => logger.info('models loaded anew'),
          (error) => logger.error({ err: error }, 'the models stay as they were'),
        )
      })
      try {
        await stopped.wait
      } finally {
        logger.info('stopping')
        await journey.close()
      }
    })
}
