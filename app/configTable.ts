import { configKeys, environmentName } from '../core/config.ts'

/** The README's configuration table: every key, its environment variable, default and meaning. */
export function configTable(): string {
  const rows = configKeys().map(
    ({ path, description, default: fallback }) =>
      `| \`${path}\` | \`${environmentName(path)}\` | \`${JSON.stringify(fallback)}\` | ${description} |`,
  )
  return ['| key | environment | default | meaning |', '|---|---|---|---|', ...rows].join('\n')
}
