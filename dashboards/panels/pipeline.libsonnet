local config = import '../config.libsonnet';
local queries = import '../queries/pipeline.libsonnet';
local p = import 'base.libsonnet';

local c = config.colours;
local nothing = 'No process recorded anything in the time range.';
local fixed(colour) = { mode: 'fixed', fixedColor: colour };

local lines(title, description, targets) =
  p.lines(title, description, nothing, targets) + p.palette + p.range(0) + p.interval(config.pipelineInterval);

{
  equation:
    p.stat(
      'acknowledged = stored + duplicates + dead-lettered + in log + lost',
      'Where the acknowledged readings are, since the start of each process (with the backlog that its log held then). Anything lost is a fault: acknowledged means kept.',
      nothing,
      queries.equation
    )
    + p.unit('locale')
    + p.decimals(0)
    + p.colour(c.neutral)
    + p.override('dead-lettered', { color: fixed(c.warn) })
    + p.override('lost', {
      color: { mode: 'thresholds' },
      thresholds: { mode: 'absolute', steps: [{ color: c.good, value: null }, { color: c.bad, value: 1 }] },
    }),

  readings: lines(
    'Readings per second',
    'Acknowledged to the devices, and confirmed by the store.',
    [queries.rate('A', 'acknowledged', 'acknowledged'), queries.rate('B', 'stored', 'stored')]
  ) + p.unit('suffix:/s'),
  messages: lines(
    'Messages per second',
    'MQTT messages of all kinds that came in.',
    queries.messages
  ) + p.unit('suffix:/s'),
  clients: lines('MQTT clients', 'Connections to the broker.', queries.clients) + p.decimals(0),
  lost: lines(
    'Lost',
    'Acknowledged readings that are nowhere. Not zero: keep the log folder and the logs, and report it.',
    queries.lost
  ) + p.decimals(0) + p.colour(c.bad),

  ackLatency: lines(
    'Acknowledgement latency',
    'From the arrival of a message until everything in it is durable in the log: half of the messages, and 99 %, wait no longer (over some ten seconds).',
    queries.ackLatency
  ) + p.unit('ms') + p.steps([
    { color: c.good, value: null },
    { color: c.warn, value: config.ackMs.warn },
    { color: c.bad, value: config.ackMs.bad },
  ]) + p.palette + p.thresholdLines,

  logDepth: lines(
    'Log: not yet stored',
    'Readings that are acknowledged and durable in the log, but not yet in the store.',
    queries.logDepth
  ) + p.decimals(0),
  logBytes: lines(
    'Log: size and cap',
    'At the cap nothing is acknowledged any more: look at the store first, then at log.maxBytes.',
    queries.logBytes
  ) + p.unit('bytes'),
  logAge: lines(
    'Log: oldest reading',
    'Age of the oldest reading that the store or the scorer has not handled. Beyond a minute the health check fails.',
    queries.logAge
  ) + p.unit('ms') + p.thresholds(config.lagMs) + p.palette + p.thresholdLines,

  queue: lines(
    'Prediction queue',
    'Predictions that wait, are handled, wait for another try, or failed for good. `forewarn` keeps failed ones; the page lists them.',
    queries.queue
  ) + p.decimals(0) + p.overrideAll('/failed$/', { color: fixed(c.bad) }),
  scoringLag: lines(
    'Scoring lag',
    'Age of the oldest reading that came in and that the scorer has not handled; 0 when it waits for readings.',
    queries.scoringLag
  ) + p.unit('ms') + p.thresholds(config.lagMs) + p.palette + p.thresholdLines,
  windows: lines(
    'Windows scored per second',
    'By each process that scores.',
    queries.rate('A', 'windows_scored', 'windows')
  ) + p.unit('suffix:/s'),
  devices: lines('Devices', 'Scored, and not scored for whatever reason.', queries.devices) + p.decimals(0),
  ticketsOpen: lines('Open tickets', 'Tickets that are not resolved, closed or withdrawn.', queries.ticketsOpen) + p.decimals(0),

  deadLetters:
    p.bar(
      'Dead letters by reason',
      'All since the data folder was made. `forewarn deadletters list` shows them with their bytes; docs/errors.md and the README say what each reason means.',
      'none',
      queries.deadLetters
    )
    + p.decimals(0)
    + p.range(0)
    + p.colour(c.warn),
  deadLettersOverTime: lines(
    'Dead letters over time',
    'The totals by reason: a line that rises is input that is being turned away now.',
    queries.deadLettersOverTime
  ) + p.decimals(0) + { fieldConfig+: { defaults+: { noValue: 'none' } } },
}
