import type { FleetFigures, Share } from './figures.ts'
import type { FleetResult, JudgedFleet } from './fleet.ts'

const percent = (value: number) => (100 * value).toFixed(1)
const withBounds = (share: Share | null) =>
  share === null ? '-' : `${percent(share.value)} [${percent(share.low)}, ${percent(share.high)}]`
const hours = (value: number | null) => (value === null ? '-' : value.toFixed(0))

/** The result for people: fleets beside each other, all of them, failure modes, leads. */
export function fleetText(result: FleetResult): string {
  const { fleets, pooled, aims } = result
  const { forewarn, rule } = pooled
  return [
    `${result.source}: ${pooled.readings} readings, ${pooled.windows} windows in ${result.seconds.toFixed(0)} s`,
    `model ${result.model.slice(0, 12)} on ${result.backend}; policy: ${result.policy.k} of ${result.policy.n} windows from ${result.policy.raiseAt} on`,
    `rule: ${result.rule.name}, ${result.rule.k} of ${result.rule.n} readings`,
    '',
    table([
      [
        'fleet',
        'failures',
        'found',
        'right',
        'late',
        'early',
        'false',
        'precision, %',
        'recall, %',
        'lead, h',
      ],
      ...fleets.map((fleet) => row(`seed ${fleet.name}`, fleet.forewarn)),
      ...(fleets.length > 1 ? [row('all', forewarn)] : []),
      row('all, by the rule', rule),
    ]),
    '',
    `found at the required lead: precision ${withBounds(forewarn.precision)} %, recall ${withBounds(forewarn.recall)} % (95 % intervals); aims ${percent(aims.precision)} and ${percent(aims.recall)}: ${aims.met ? 'met' : 'missed'}`,
    `the rule on the same data: ${withBounds(rule.precision)} % and ${withBounds(rule.recall)} %${aims.tooEasy ? ': the fleet is too easy' : ''}`,
    `wrong tickets per device and 30 days: ${forewarn.wrongPerDeviceMonth.toFixed(3)}, of these false ${forewarn.falsePerDeviceMonth.toFixed(3)}; by the rule ${rule.wrongPerDeviceMonth.toFixed(3)}`,
    `right tickets within the horizon: ${forewarn.rightWithinHorizon} of ${forewarn.right}; further tickets for a failure already told: ${forewarn.repeated}; undecided: ${forewarn.undecided}`,
    `sudden failures, counted apart: ${forewarn.sudden.failures}`,
    ...leadLines(forewarn),
    '',
    table([
      ['failure mode', 'failures', 'found', 'mode named', 'median lead, h'],
      ...Object.entries(forewarn.byMode).map(([mode, { failures, found, named, leadMedian }]) => [
        mode,
        String(failures),
        String(found),
        String(named),
        hours(leadMedian),
      ]),
    ]),
  ].join('\n')
}

function row(name: string, figures: JudgedFleet['forewarn']): string[] {
  const { failures, found, right, late, early, lead } = figures
  return [
    name,
    ...[failures, found, right, late, early, figures.false].map(String),
    figures.precision === null ? '-' : percent(figures.precision.value),
    figures.recall === null ? '-' : percent(figures.recall.value),
    lead === null ? '-' : `${hours(lead.p10)}/${hours(lead.median)}/${hours(lead.p90)}`,
  ]
}

function leadLines({ lead }: FleetFigures): string[] {
  if (lead === null) return []
  const bins = lead.histogram.map((count, bin) => `${12 * bin}-${12 * (bin + 1)} h: ${count}`)
  return [
    `lead of right tickets, h: P10 ${hours(lead.p10)}, median ${hours(lead.median)}, P90 ${hours(lead.p90)} (${bins.filter((_, bin) => lead.histogram[bin]! > 0).join(', ')})`,
  ]
}

/** Columns as wide as they must be; the first to the left, figures to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((cells) => cells[c]!.length)))
  return rows
    .map((cells) =>
      cells.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join('  '),
    )
    .map((line) => `  ${line}`)
    .join('\n')
}
