local config = import '../config.libsonnet';
local links = import '../links.libsonnet';
local queries = import '../queries/device.libsonnet';
local p = import 'base.libsonnet';

local c = config.colours;
local noScore = 'This device has no score in the time range.';
local fixed(colour) = { mode: 'fixed', fixedColor: colour };
local probability = p.unit('percentunit') + p.range(0, 1) + p.thresholds(config.failureProbability);

// A line that belongs to a band: thin, not in the legend; filled down to another one where there is one.
local bandLine(colour, downTo=null, opacity=0) = {
  color: fixed(colour),
  'custom.lineWidth': 0,
  'custom.fillOpacity': opacity,
  'custom.showPoints': 'never',
  'custom.hideFrom': { legend: true, tooltip: false, viz: false },
  [if downTo != null then 'custom.fillBelowTo']: downTo,
};

local reasonWords = {
  [reason]: { text: config.reasons[reason], color: if reason == 'scored' then c.good else c.warn }
  for reason in std.objectFields(config.reasons)
};

{
  state:
    p.word(
      'State',
      'Scored, or the reason why not.',
      'unknown: nothing was recorded in the time range',
      queries.state,
      'reason'
    ) + p.words(reasonWords) + p.colour(c.quiet),
  mode: p.word(
    'Suspected failure mode',
    'Of the newest score: the mode whose symptoms fit the contributions best.',
    'none',
    queries.mode,
    'mode'
  ) + p.colour(c.quiet),
  failureProbabilityNow:
    p.stat('Failure probability', 'Within the horizon of the asset type, by the newest score.', 'no score', queries.failureProbabilityNow)
    + probability + p.decimals(0),
  lifeNow:
    p.stat(
      'Remaining life, median',
      'By the newest score, in the usage unit of the asset type.',
      'no score',
      [queries.lifeNow, queries.lifeUnit('B')]
    ) + p.unitFrom('B') + p.decimals(0) + p.colour(c.neutral),
  anomalyNow:
    p.stat(
      'Anomaly',
      'How rare it is that a healthy machine looks like this one: 0.001 is one time in a thousand.',
      'no score',
      queries.anomalyNow
    ) + p.fallingThresholds(config.anomaly) + p.decimals(4),
  newestTicket:
    p.stat(
      'Newest ticket',
      "The newest ticket of this device that changed in the time range; click to open it on the planner's page.",
      'none',
      queries.newestTicket
    ) + p.colour(c.neutral) + p.decimals(0) + { fieldConfig+: { defaults+: { links: [links.ticket] } } },

  failureProbability:
    p.lines(
      'Failure probability within the horizon',
      'Above the upper line a window counts towards a ticket, below the lower one towards the end of the alarm (policy.raiseAt and policy.clearBelow by default).',
      noScore,
      queries.failureProbability
    ) + probability + p.thresholdLines,
  anomaly:
    p.lines(
      'Anomaly',
      'Tail probability on a logarithmic scale: the lower, the rarer is it that a healthy machine looks like this.',
      noScore,
      queries.anomaly('A')
    )
    + p.fallingThresholds(config.anomaly)
    + p.thresholdLines
    + p.custom({ scaleDistribution: { type: 'log', log: 10 } }),

  life:
    p.lines(
      'Remaining useful life',
      'Median, with the bands in which it lies with 80 % and with 90 %. Below the horizon a failure is worth a ticket.',
      noScore,
      [queries.life, queries.horizon, queries.lifeUnit('C')]
    )
    + p.range(0)
    + p.unitFrom('C')
    + p.override('p95', bandLine(c.fan, 'p05', 10))
    + p.override('p90', bandLine(c.fan, 'p10', 20))
    + p.override('p05', bandLine(c.fan))
    + p.override('p10', bandLine(c.fan))
    + p.override('p50', { color: fixed(c.fan), 'custom.lineWidth': 2, 'custom.fillOpacity': 0, displayName: 'median' })
    + p.override('horizon', {
      color: fixed(c.bad),
      'custom.fillOpacity': 0,
      'custom.lineStyle': { fill: 'dash', dash: [8, 8] },
      'custom.showPoints': 'never',
    }),

  newestContributions:
    p.bar(
      'Contributions to the newest score',
      'Share of each channel in the deviation from a healthy machine, signed by its direction; together they make 100 %.',
      noScore,
      queries.newestContributions
    )
    + p.unit('percentunit')
    + p.decimals(0)
    + p.range(-1, 1)
    + { fieldConfig+: { defaults+: { color: { mode: 'continuous-BlYlRd' } } } },
  contributions:
    p.bars(
      'Contributions over time',
      'The same for every score: which channels make this device look unusual.',
      noScore,
      queries.contributions
    ) + p.unit('percentunit') + p.palette + p.buckets(120),

  // Repeated for every channel of the asset type.
  channel:
    p.lines(
      '$channel',
      'Mean of the readings, the band of a healthy machine from the asset catalogue, and how rare a healthy machine looks like this (right, logarithmic).',
      'No reading of this channel in the time range.',
      [queries.channel, queries.normalBand, queries.anomaly('C'), queries.channelUnit('D')]
    )
    + p.unitFrom('D', exceptFor=['anomaly'])
    + p.colour(c.neutral)
    + p.override('normal high', bandLine(c.band, 'normal low', 15))
    + p.override('normal low', bandLine(c.band))
    + p.override('anomaly', {
      color: fixed(c.anomaly),
      'custom.axisPlacement': 'right',
      'custom.axisLabel': 'anomaly',
      'custom.scaleDistribution': { type: 'log', log: 10 },
      'custom.fillOpacity': 0,
      'custom.lineStyle': { fill: 'dot', dash: [2, 4] },
      'custom.showPoints': 'never',
      max: 1,
    })
    + { repeat: 'channel', repeatDirection: 'h', maxPerRow: 2 },

  channels:
    p.table(
      'Channels',
      'What the asset catalogue says of this asset type. A channel without a normal band has none there.',
      'Nothing was recorded in the time range.',
      queries.channels
    )
    + p.hidden(['Time'])
    + p.column('channel', 'Channel')
    + p.column('label', 'Meaning')
    + p.column('unit', 'Unit')
    + p.column('normal_low', 'Normal from')
    + p.column('normal_high', 'Normal to'),

  tickets:
    p.table('Tickets', "What happened to this device's tickets, the newest first.", 'No ticket in the time range.', queries.tickets)
    + p.column('Time', 'When')
    + p.column('ticket', 'Ticket', { decimals: 0, links: [links.ticket], 'custom.width': 80 })
    + p.column('kind', 'What', { 'custom.width': 120 })
    + p.column('mode', 'Suspected failure mode')
    + p.column('text', 'In words'),
  lifeEvents:
    p.table(
      'Life events',
      'Installed, failed, repaired, replaced, planned stop: as told by MQTT, HTTP or CSV, or concluded from a confirmed ticket.',
      'No life event in the time range.',
      queries.lifeEvents
    )
    + p.column('Time', 'When')
    + p.column('kind', 'What', { 'custom.width': 120 })
    + p.column('detail', 'In words'),
}
