import { metricMeanings } from '../alerts/http/metrics.ts'

/** The README's table of what `/metrics` shows: every metric with its kind, label and meaning. */
export function metricsTable(): string {
  const rows = metricMeanings.map(
    ({ name, kind, label, help }) =>
      `| \`forewarn_${name}\` | ${kind}${label ? `, by \`${label}\`` : ''} | ${help} |`,
  )
  return ['| metric | kind | meaning |', '|---|---|---|', ...rows].join('\n')
}
