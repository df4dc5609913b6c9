local influx = import 'influx.libsonnet';

local here = influx.all([influx.is('asset_type', 'type'), '$timeFilter']);
local champion = here + ' AND "role" =~ /^champion$/';

local newest(field) = 'SELECT last("%s") AS "%s" FROM "model" WHERE %s' % [field, field, here];

local percentiles(field, shares) = [
  influx.series(std.char(65 + i), |||
    SELECT percentile("%s", %s) FROM "score" WHERE %s %s fill(none)
  ||| % [field, shares[i].share, champion, influx.overTime], shares[i].name)
  for i in std.range(0, std.length(shares) - 1)
];

{
  version: influx.table('A', newest('version')),
  coverage: influx.table('A', newest('coverage')),
  failures: influx.table('A', newest('failures')),
  width: influx.table('A', newest('interval_width')),
  shifted: influx.table('A', newest('devices_shifted')),

  probability: percentiles('failure_probability', [
    { share: 50, name: 'half of the windows below' },
    { share: 90, name: '90 % below' },
    { share: 99, name: '99 % below' },
  ]),
  // InfluxDB has no percentile of fewer points than make up one: a small fleet has no 1 % of an hour.
  anomaly: [
    influx.series('A', |||
      SELECT min("anomaly") FROM "score" WHERE %s %s fill(none)
    ||| % [champion, influx.overTime], 'the lowest'),
    influx.series('B', |||
      SELECT percentile("anomaly", 10) FROM "score" WHERE %s %s fill(none)
    ||| % [champion, influx.overTime], '10 % below'),
    influx.series('C', |||
      SELECT percentile("anomaly", 50) FROM "score" WHERE %s %s fill(none)
    ||| % [champion, influx.overTime], 'half of the windows below'),
  ],
  byVersion: influx.series('A', |||
    SELECT count("failure_probability") FROM "score" WHERE %s %s, "model", "role" fill(none)
  ||| % [here, influx.overTime], '$tag_role $tag_model'),

  coverageOverTime: influx.series('A', |||
    SELECT last("coverage") FROM "model" WHERE %s %s fill(none)
  ||| % [here, influx.overTime], 'coverage'),

  drift: influx.series('A', |||
    SELECT max("stability_index") FROM "drift" WHERE %s %s, "channel" fill(none)
  ||| % [here, influx.overTime], '$tag_channel'),
  driftNow: influx.table('A', |||
    SELECT last("stability_index") AS "stability_index" FROM "drift" WHERE %s GROUP BY "channel"
  ||| % here),
  shifts: influx.table('A', |||
    SELECT last("distance") AS "distance", "shift", "channel", "site", "asset_type" FROM "device_shift" WHERE %s GROUP BY "device"
  ||| % here),

  precision: influx.table('A', |||
    SELECT last("precision") AS "precision", "confirmed", "refuted" FROM "alarm_precision" WHERE %s GROUP BY "mode"
  ||| % here),
}
