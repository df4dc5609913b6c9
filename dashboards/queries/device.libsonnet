local influx = import 'influx.libsonnet';

local machine = influx.all([
  influx.is('site', 'site'),
  influx.is('asset_type', 'type'),
  influx.is('device', 'device'),
  '$timeFilter',
]);
local champion = machine + ' AND "role" =~ /^champion$/';

local newestScore(refId, field) = influx.table(
  refId,
  'SELECT last("%s") AS "%s" FROM "score" WHERE %s' % [field, field, champion]
);
local scoreOverTime(refId, select, alias) = influx.series(
  refId,
  'SELECT %s FROM "score" WHERE %s %s fill(none)' % [select, champion, influx.overTime],
  alias
);

local quantiles = ['p05', 'p10', 'p50', 'p90', 'p95'];

local ofType = influx.all([influx.is('asset_type', 'type'), influx.aroundRange]);
local ofChannel = influx.is('channel', 'channel') + ' AND ' + ofType;

{
  state: influx.table('A', 'SELECT last("reason") AS "reason" FROM "device_state" WHERE %s' % machine),
  mode: influx.table('A', 'SELECT last("mode") AS "mode" FROM "device_state" WHERE %s' % machine),
  failureProbabilityNow: newestScore('A', 'failure_probability'),
  lifeNow: newestScore('A', 'p50'),
  anomalyNow: newestScore('A', 'anomaly'),
  newestTicket: influx.table('A', 'SELECT last("ticket") AS "ticket" FROM "ticket_event" WHERE %s' % machine),

  failureProbability: scoreOverTime('A', 'max("failure_probability")', 'failure probability'),
  // The most unusual window of each bucket.
  anomaly(refId): scoreOverTime(refId, 'min("anomaly")', 'anomaly'),

  // Quantile by quantile, so that a band can be drawn between two of them.
  life: scoreOverTime(
    'A',
    std.join(', ', ['mean("%s") AS "%s"' % [q, q] for q in quantiles]),
    '$col'
  ),
  horizon: influx.series('B', |||
    SELECT last("horizon") AS "horizon" FROM "asset_type" WHERE %s %s fill(none)
  ||| % [ofType, influx.overTime], 'horizon'),
  lifeUnit(refId): influx.table(refId, 'SELECT last("suffix") AS "suffix" FROM "asset_type" WHERE %s' % ofType),

  contributions: influx.series('A', |||
    SELECT mean("share") FROM "contribution" WHERE %s %s, "channel" fill(none)
  ||| % [machine, influx.overTime], '$tag_channel'),
  newestContributions: influx.series('A', |||
    SELECT last("share") FROM "contribution" WHERE %s GROUP BY "channel"
  ||| % machine, '$tag_channel'),

  // The measurement is called like the asset type, the field like the channel.
  channel: influx.series('A', |||
    SELECT mean(/^$channel$/) FROM /^$type$/ WHERE %s AND %s AND $timeFilter %s fill(none)
  ||| % [influx.is('site', 'site'), influx.is('device', 'device'), influx.overTime], '$channel'),
  normalBand: influx.series('B', |||
    SELECT last("normal_low") AS "normal low", last("normal_high") AS "normal high"
    FROM "channel" WHERE %s %s fill(none)
  ||| % [ofChannel, influx.overTime], '$col'),
  channelUnit(refId): influx.table(refId, 'SELECT last("suffix") AS "suffix" FROM "channel" WHERE %s' % ofChannel),
  channels: influx.table('A', |||
    SELECT last("label") AS "label", "unit", "normal_low", "normal_high" FROM "channel" WHERE %s GROUP BY "channel"
  ||| % ofType),

  tickets: influx.table('A', |||
    SELECT "ticket", "kind", "mode", "text" FROM "ticket_event" WHERE %s ORDER BY time DESC LIMIT 100
  ||| % machine),
  lifeEvents: influx.table('A', |||
    SELECT "kind", "detail" FROM "life_event" WHERE %s ORDER BY time DESC LIMIT 100
  ||| % machine),

  // Of one line: Grafana's annotation editor has one.
  ticketMarks: 'SELECT "text", "kind" FROM "ticket_event" WHERE %s' % machine,
  lifeEventMarks: 'SELECT "detail", "kind" FROM "life_event" WHERE %s' % machine,
}
