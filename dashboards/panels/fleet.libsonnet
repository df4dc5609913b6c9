local config = import '../config.libsonnet';
local links = import '../links.libsonnet';
local queries = import '../queries/fleet.libsonnet';
local p = import 'base.libsonnet';

local c = config.colours;
local probability =
  p.unit('percentunit') + p.range(0, 1) + p.decimals(0) + p.thresholds(config.failureProbability);

local count(title, description, query, colour) =
  p.stat(title, description, '0', query) + p.colour(colour) + p.decimals(0);

local reasonWords = {
  [reason]: { text: config.reasons[reason], color: if reason == 'scored' then c.good else c.quiet }
  for reason in std.objectFields(config.reasons)
};

local deviceColumn = p.column('device', 'Device', { links: [links.device] });
local placeColumns = p.column('site', 'Site') + p.column('asset_type', 'Asset type');

{
  scored: count('Scored', 'Devices whose newest state in the time range is a score.', queries.scoredDevices, c.good),
  notScored: count(
    'Not scored',
    'Devices without a score at the end of the time range. Silence is not health: why, stands below.',
    queries.notScoredDevices,
    c.warn
  ),
  worst: p.stat(
    'Highest failure probability',
    "Of the newest scores of all devices, within the asset type's horizon.",
    'no score',
    queries.worstProbability
  ) + probability,
  opened: count('Tickets opened', 'In the time range.', queries.ticketsOpened, c.neutral),
  finished: count(
    'Tickets resolved or withdrawn',
    'In the time range: resolved by a planner, or withdrawn by the policy before anyone touched them.',
    queries.ticketsFinished,
    c.neutral
  ),

  matrix:
    p.table(
      'Worst health by site and asset type',
      "The highest failure probability among the newest scores of a site's devices of one asset type.",
      'No device has been scored in the time range.',
      queries.newestScores
    )
    + probability
    + p.custom({ align: 'center', cellOptions: { type: 'color-background', mode: 'basic' } })
    + p.overrideAll('/^site/', { 'custom.cellOptions': { type: 'auto' }, displayName: 'Site' })
    + p.transform([
      { id: 'groupBy', options: { fields: {
        site: { operation: 'groupby', aggregations: [] },
        asset_type: { operation: 'groupby', aggregations: [] },
        failure_probability: { operation: 'aggregate', aggregations: ['max'] },
      } } },
      { id: 'groupingToMatrix', options: {
        columnField: 'asset_type',
        rowField: 'site',
        valueField: 'failure_probability (max)',
        emptyValue: 'null',
      } },
    ]),

  healthMap:
    p.statusHistory(
      'Health map',
      'Failure probability within the horizon, device by device: the highest of each stretch of time. No cell means not scored.',
      'No device has been scored in the time range.',
      queries.healthMap
    ) + probability + p.buckets(84),

  worstDevices:
    p.table(
      'Worst devices',
      'The newest score of each device, the most probable failure first. Remaining life in the usage unit of the asset type (hours, cycles): its median, and in between which bounds it lies with 90 %.',
      'No device has been scored in the time range.',
      queries.newestScores
    )
    + p.transform([
      { id: 'sortBy', options: { fields: {}, sort: [{ field: 'failure_probability', desc: true }] } },
      { id: 'limit', options: { limitField: 25 } },
    ])
    + deviceColumn
    + placeColumns
    + p.column('Time', 'Scored')
    + p.column('failure_probability', 'Failure probability', p.coloured {
      unit: 'percentunit',
      decimals: 0,
      min: 0,
      max: 1,
      color: { mode: 'thresholds' },
      thresholds: probability.fieldConfig.defaults.thresholds,
    })
    + p.column('p05', 'Life, at least', { decimals: 0 })
    + p.column('p50', 'Life, median', { decimals: 0 })
    + p.column('p95', 'Life, at most', { decimals: 0 })
    + p.column('anomaly', 'Anomaly (tail probability)', { decimals: 4 }),

  notScoredWhy:
    p.table(
      'Not scored, and why',
      'Devices whose newest state is not a score. They are not healthy by default: nothing is known about them.',
      'Every device is scored.',
      queries.notScored
    )
    + deviceColumn
    + placeColumns
    + p.column('Time', 'Since or as of')
    + p.column('reason', 'Reason', { mappings: p.words(reasonWords).fieldConfig.defaults.mappings })
    + p.hidden(['scored']),

  ticketsOverTime:
    p.bars(
      'Tickets opened and closed',
      'How many tickets were opened, and how many resolved by a planner or withdrawn by the policy.',
      'No ticket in the time range.',
      queries.ticketsOverTime
    )
    + p.interval('1h')
    + p.buckets(60)
    + p.decimals(0)
    + p.custom({ stacking: { mode: 'none', group: 'A' } })
    + p.override('opened', { color: { mode: 'fixed', fixedColor: c.warn } })
    + p.override('resolved or withdrawn', { color: { mode: 'fixed', fixedColor: c.good } }),

  tickets:
    p.table(
      'What happened to tickets',
      "The newest first. The number leads to the ticket on the planner's page.",
      'No ticket in the time range.',
      queries.tickets
    )
    + p.column('Time', 'When')
    + p.column('ticket', 'Ticket', { decimals: 0, links: [links.ticket], 'custom.width': 80 })
    + p.column('kind', 'What', { 'custom.width': 120 })
    + deviceColumn
    + placeColumns
    + p.column('mode', 'Suspected failure mode')
    + p.column('text', 'In words'),
}
