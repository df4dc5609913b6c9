import type { Explained, ExplainedReading } from './mapExplain.ts'

/** What became of a message, in lines for people. */
export function inWords({
  topic,
  outcome,
  rule,
  readings,
  problems,
  ignoredValues,
  rebirth,
}: Explained): string {
  const head = `${topic}${rule === null || rule === topic ? '' : `  (rule ${rule})`}`
  return [
    head,
    ...readings.map((reading) => `  ${readingLine(reading)}`),
    ...problems.map(({ reason, detail }) => `  not accepted, ${reason}: ${detail}`),
    ...(outcome === 'unmapped' ? ['  no rule takes this topic: it would be a dead letter'] : []),
    ...(outcome === 'ignored' ? ['  ignored, as the file says'] : []),
    ...(outcome === 'nothing' && ignoredValues === 0 ? ['  understood, and holds no values'] : []),
    ...(ignoredValues > 0 ? [`  ${ignoredValues} ignored, as the file says`] : []),
    ...(rebirth === null ? [] : [`  the births of ${rebirth} are missing: forewarn would ask for them`]),
  ].join('\n')
}

function readingLine({ device, site, assetType, time, values, gathered }: ExplainedReading): string {
  const given = Object.entries(values).map(([name, { value, unit }]) => `${name} ${rounded(value)} ${unit}`)
  const rest = gathered ? ' ... with what the others say' : ''
  return `${site}/${assetType}/${device}  ${new Date(time).toISOString()}  ${given.join(', ')}${rest}`
}

const rounded = (value: number): number => Number(value.toPrecision(6))
