// What the dashboards have in common: said once, here.
{
  datasource: { type: 'influxdb', uid: 'forewarn-influx' },

  dashboards: {
    fleet: { uid: 'forewarn-fleet', title: 'Forewarn / Fleet' },
    device: { uid: 'forewarn-device', title: 'Forewarn / Device' },
    model: { uid: 'forewarn-model', title: 'Forewarn / Model' },
    pipeline: { uid: 'forewarn-pipeline', title: 'Forewarn / Pipeline' },
  },
  tags: ['forewarn'],

  // Where planners find their page; each dashboard has it in a text box.
  forewarnUrl: 'http://localhost:8080',

  // A stability index: stable below the first, a shift from the second on (Siddiqi 2006).
  stabilityIndex: { warn: 0.1, bad: 0.25 },
  // Standard deviations of training; at the second a device is out of the fleet.
  shift: { warn: 2, bad: 3 },
  // Of 90 % intervals.
  coverage: { warn: 0.87, bad: 0.8 },
  // Of tickets that planners looked at.
  precision: { warn: 0.8, bad: 0.5 },

  // A point of the pipeline, or of a model, every ten seconds; finer buckets would be empty.
  pipelineInterval: '10s',

  colours: {
    good: 'green',
    warn: 'orange',
    bad: 'red',
    neutral: 'blue',
    quiet: 'text',
    band: 'green',
    fan: 'blue',
    anomaly: 'purple',
  },

  // As policy.clearBelow and policy.raiseAt stand by default.
  failureProbability: { warn: 0.25, bad: 0.5 },
  // A tail probability: a healthy machine looks like this one time in 100, in 10,000.
  anomaly: { warn: 0.01, bad: 0.0001 },
  // Oldest reading that somebody has not handled; beyond a minute the health check fails.
  lagMs: { warn: 15000, bad: 60000 },
  ackMs: { warn: 100, bad: 1000 },
  // Share of the log's cap; at the second the health check fails.
  logShare: { warn: 0.5, bad: 0.9 },

  // Why a device has no score, as people say it; `scored` is none of them.
  reasons: {
    scored: 'scored',
    no_data: 'no data yet',
    silent: 'silent',
    too_little_history: 'too little history',
    gap: 'gap in the readings',
    stuck_channel: 'stuck channel',
    unlike_training: 'unlike training',
    no_model: 'no model',
  },

  // Kinds of ticket events: how they come, and how they go.
  ticketsOpened: ['opened'],
  ticketsFinished: ['resolved', 'withdrawn'],
}
