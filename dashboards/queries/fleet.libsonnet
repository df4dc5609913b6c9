local config = import '../config.libsonnet';
local influx = import 'influx.libsonnet';

local here = influx.all([influx.is('site', 'site'), influx.is('asset_type', 'type'), '$timeFilter']);
local champion = here + ' AND "role" =~ /^champion$/';

// The newest score of each device.
local newest = |||
  SELECT last("failure_probability") AS "failure_probability", "p05", "p50", "p95", "anomaly", "site", "asset_type"
  FROM "score" WHERE %s GROUP BY "device"
||| % champion;

local states = |||
  SELECT last("scored") AS "scored", "reason", "site", "asset_type"
  FROM "device_state" WHERE %s GROUP BY "device"
||| % here;

local countStates(scored) = |||
  SELECT count("scored") AS "devices" FROM (
    SELECT last("scored") AS "scored" FROM "device_state" WHERE %s GROUP BY "device"
  ) WHERE "scored" = %d
||| % [here, scored];

local ticketsOverTime(kinds) = |||
  SELECT count("ticket") FROM "ticket_event" WHERE %s AND %s %s fill(none)
||| % [here, influx.oneOf('kind', kinds), influx.overTime];

local ticketCount(kinds) = |||
  SELECT count("ticket") AS "tickets" FROM "ticket_event" WHERE %s AND %s
||| % [here, influx.oneOf('kind', kinds)];

{
  scoredDevices: influx.table('A', countStates(1)),
  notScoredDevices: influx.table('A', countStates(0)),
  worstProbability: influx.table('A', |||
    SELECT max("failure_probability") AS "failure_probability" FROM (
      SELECT last("failure_probability") AS "failure_probability" FROM "score" WHERE %s GROUP BY "device"
    )
  ||| % champion),
  ticketsOpened: influx.table('A', ticketCount(config.ticketsOpened)),
  ticketsFinished: influx.table('A', ticketCount(config.ticketsFinished)),

  newestScores: influx.table('A', newest),

  healthMap: influx.series('A', |||
    SELECT max("failure_probability") FROM "score" WHERE %s
    %s, "site", "asset_type", "device" fill(none)
  ||| % [champion, influx.overTime], '$tag_site · $tag_asset_type · $tag_device'),

  notScored: influx.table('A', |||
    SELECT "scored", "reason", "site", "asset_type" FROM (%s) WHERE "scored" = 0 GROUP BY "device"
  ||| % std.rstripChars(states, '\n')),

  ticketsOverTime: [
    influx.series('A', ticketsOverTime(config.ticketsOpened), 'opened'),
    influx.series('B', ticketsOverTime(config.ticketsFinished), 'resolved or withdrawn'),
  ],

  tickets: influx.table('A', |||
    SELECT "ticket", "kind", "device", "site", "asset_type", "mode", "text"
    FROM "ticket_event" WHERE %s ORDER BY time DESC LIMIT 100
  ||| % here),
}
