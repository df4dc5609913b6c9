local influx = import 'influx.libsonnet';

local here = influx.all([influx.is('worker', 'worker'), '$timeFilter']);

local overTime(refId, fields, alias='$tag_worker · $col') = influx.series(
  refId,
  'SELECT %s FROM "pipeline" WHERE %s %s, "worker" fill(none)' % [
    std.join(', ', ['max("%s") AS "%s"' % [f.field, f.name] for f in fields]),
    here,
    influx.overTime,
  ],
  alias
);
local named(field, name) = { field: field, name: name };

// The newest value of each worker, added up.
local total(fields) = |||
  SELECT %s FROM (
    SELECT %s FROM "pipeline" WHERE %s GROUP BY "worker"
  )
||| % [
  std.join(', ', ['sum("%s") AS "%s"' % [f.field, f.name] for f in fields]),
  std.join(', ', ['last("%s") AS "%s"' % [f.field, f.field] for f in fields]),
  here,
];

{
  equation: influx.table('A', total([
    named('acknowledged', 'acknowledged'),
    named('stored', 'stored'),
    named('duplicates', 'duplicates'),
    named('dead_lettered', 'dead-lettered'),
    named('in_log', 'in log'),
    named('lost', 'lost'),
  ])),
  rate(refId, field, name): influx.series(refId, |||
    SELECT non_negative_derivative(last("%s"), 1s) FROM "pipeline" WHERE %s %s, "worker" fill(none)
  ||| % [field, here, influx.overTime], '$tag_worker · ' + name),
  messages: overTime('A', [named('messages_per_second', 'messages/s')]),
  clients: overTime('A', [named('mqtt_clients', 'clients')]),
  lost: overTime('A', [named('lost', 'lost')]),

  logDepth: overTime('A', [named('in_log', 'not yet stored')]),
  logBytes: overTime('A', [named('log_bytes', 'in use'), named('log_max_bytes', 'cap')]),
  logAge: overTime('A', [named('log_oldest_age_ms', 'oldest reading')]),

  ackLatency: overTime('A', [named('ack_latency_p50_ms', 'p50'), named('ack_latency_p99_ms', 'p99')]),

  queue: overTime('A', [
    named('queue_waiting', 'waiting'),
    named('queue_active', 'active'),
    named('queue_delayed', 'delayed'),
    named('queue_failed', 'failed'),
  ]),

  scoringLag: overTime('A', [named('scoring_lag_ms', 'scoring lag')]),
  devices: overTime('A', [named('devices_scored', 'scored'), named('devices_not_scored', 'not scored')]),
  ticketsOpen: overTime('A', [named('tickets_open', 'open tickets')]),

  deadLetters: influx.series('A', |||
    SELECT sum("count") FROM (
      SELECT last("count") AS "count" FROM "dead_letter" WHERE %s GROUP BY "worker", "reason"
    ) GROUP BY "reason"
  ||| % here, '$tag_reason'),
  deadLettersOverTime: influx.series('A', |||
    SELECT max("count") FROM "dead_letter" WHERE %s %s, "worker", "reason" fill(none)
  ||| % [here, influx.overTime], '$tag_worker · $tag_reason'),
}
