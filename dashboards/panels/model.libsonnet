local config = import '../config.libsonnet';
local links = import '../links.libsonnet';
local queries = import '../queries/model.libsonnet';
local p = import 'base.libsonnet';

local c = config.colours;
local share = p.unit('percentunit') + p.range(0, 1);

{
  version: p.word(
    'Version in force',
    "The champion: the first characters of its hash. `forewarn models show` tells what trained it and who put it in force.",
    'no model',
    queries.version,
    'version'
  ) + p.colour(c.neutral),
  coverage: p.stat(
    'Coverage of 90 % intervals',
    'Share of the remaining lives of failed machines that lay within their interval, of windows below the cap. It should be near 90 %.',
    'no failure yet',
    queries.coverage
  ) + share + p.decimals(0) + p.fallingThresholds(config.coverage),
  failures: p.stat(
    'Failures behind it',
    'Lives that ended in a failure and were scored before. A share of few failures says little.',
    'none yet',
    queries.failures
  ) + p.colour(c.neutral) + p.decimals(0),
  width: p.stat(
    'Mean interval width',
    'In the usage unit of the asset type (hours, cycles): a wide interval covers easily.',
    'no failure yet',
    queries.width
  ) + p.colour(c.neutral) + p.decimals(1),
  shifted: p.stat(
    'Devices out of the fleet',
    'Devices with a channel whose mean lies three or more standard deviations of training away.',
    'not known yet',
    queries.shifted
  ) + p.decimals(0) + p.steps([{ color: c.good, value: null }, { color: c.warn, value: 1 }]),

  probability: p.lines(
    'Failure probability, distribution',
    'Half, 90 % and 99 % of the windows scored at a time lie below these. A fleet that gets worse lifts the upper lines, a model that drifts lifts all.',
    'Nothing was scored in the time range.',
    queries.probability
  ) + share + p.decimals(0) + p.buckets(200) + p.palette,
  anomaly: p.lines(
    'Anomaly, distribution',
    'Tail probabilities: of healthy machines a tenth of the windows lies below 0.1. Lines that sink say that machines look less and less like those that trained.',
    'Nothing was scored in the time range.',
    queries.anomaly
  ) + p.range(0, 1) + p.decimals(3) + p.buckets(200) + p.palette,
  byVersion: p.bars(
    'Windows scored, by version',
    'Champion and challenger with the hash of their model: a promotion or a roll-back shows as a change of colour.',
    'Nothing was scored in the time range.',
    queries.byVersion
  ) + p.decimals(0) + p.buckets(100) + p.palette,

  coverageOverTime: p.lines(
    'Coverage over time',
    'As failures come in. It steps where a new one is told.',
    'No failure has been told yet.',
    queries.coverageOverTime
  ) + share + p.decimals(0) + p.interval(config.pipelineInterval) + p.fallingThresholds(config.coverage) + p.thresholdLines + p.palette,

  drift: p.lines(
    'Drift by channel',
    'Stability index of what is scored against what trained. Above 0.1 look closer, above 0.25 the channel has shifted: check the sensor, or train anew.',
    'Not enough windows yet, or a model that does not say what it was trained on.',
    queries.drift
  ) + p.range(0) + p.decimals(2) + p.interval(config.pipelineInterval) + p.thresholds(config.stabilityIndex) + p.thresholdLines + p.palette,
  driftNow:
    p.table(
      'Drift now',
      'The newest stability index of each channel, the largest first; `anomaly` is the score itself.',
      'Not enough windows yet, or a model that does not say what it was trained on.',
      queries.driftNow
    )
    + p.transform([{ id: 'sortBy', options: { fields: {}, sort: [{ field: 'stability_index', desc: true }] } }])
    + p.hidden(['Time'])
    + p.column('channel', 'Channel')
    + p.column('stability_index', 'Stability index', p.coloured {
      decimals: 2,
      color: { mode: 'thresholds' },
      thresholds: p.thresholds(config.stabilityIndex).fieldConfig.defaults.thresholds,
    }),
  shifts:
    p.table(
      'Devices furthest from training',
      'Mean of the newest windows in standard deviations of training, with the channel that is furthest away.',
      'Not enough windows yet.',
      queries.shifts
    )
    + p.transform([{ id: 'sortBy', options: { fields: {}, sort: [{ field: 'distance', desc: true }] } }])
    + p.hidden(['distance'])
    + p.column('Time', 'As of')
    + p.column('device', 'Device', { links: [links.device] })
    + p.column('site', 'Site')
    + p.column('asset_type', 'Asset type')
    + p.column('channel', 'Channel')
    + p.column('shift', 'Standard deviations', { decimals: 1 }),

  precision:
    p.table(
      'Alarm precision by suspected mode',
      'Tickets that a planner looked at: confirmed, or no fault found. A mode that is often wrong needs other symptoms in the catalogue, or more examples.',
      'No verdict yet.',
      queries.precision
    )
    + p.hidden(['Time'])
    + p.column('mode', 'Suspected failure mode')
    + p.column('confirmed', 'Confirmed', { decimals: 0 })
    + p.column('refuted', 'No fault found', { decimals: 0 })
    + p.column('precision', 'Precision', p.coloured {
      unit: 'percentunit',
      decimals: 0,
      min: 0,
      max: 1,
      color: { mode: 'thresholds' },
      thresholds: p.fallingThresholds(config.precision).fieldConfig.defaults.thresholds,
    }),
}
