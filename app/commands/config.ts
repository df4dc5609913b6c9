import { Command } from 'commander'
import { configKeys, environmentName } from '../../core/config.ts'
import { loadConfig } from '../loadConfig.ts'
import { withoutSecrets } from '../withoutSecrets.ts'
import { print } from './options.ts'

const keyLines = () =>
  configKeys()
    .map(
      ({ path, description, default: fallback }) =>
        `  ${path.padEnd(22)} ${description} (default ${JSON.stringify(fallback)})`,
    )
    .join('\n')

/** `forewarn config`: the configuration in force, after file and environment. */
export function configCommand(): Command {
  return new Command('config')
    .description('print the configuration in force, without its secrets; --help explains every key')
    .option('-c, --config <file>', 'YAML file (default: forewarn.yaml, if it is there)')
    .option('--json', 'as one JSON line')
    .addHelpText(
      'after',
      `\nKeys, in forewarn.yaml or as environment variables (http.port is ${environmentName('http.port')}):\n${keyLines()}`,
    )
    .action((options: { config?: string; json?: boolean }) => {
      const config = withoutSecrets(loadConfig(options.config))
      print(options.json, config, JSON.stringify(config, null, 2))
    })
}
