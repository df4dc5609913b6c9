local annotations = import 'annotations.libsonnet';
local dashboard = import 'dashboard.libsonnet';
local g = import 'g.libsonnet';
local p = import 'panels/base.libsonnet';
local panels = import 'panels/device.libsonnet';
local variables = import 'variables.libsonnet';

dashboard(
  'device',
  'One machine: every channel with its normal band, how unusual it looks, how long it will live, and what happened to it.',
  'now-7d',
  [variables.site, variables.type, variables.device, variables.channels],
  [
    panels.state + p.at(0, 0, 4, 4),
    panels.failureProbabilityNow + p.at(4, 0, 4, 4),
    panels.lifeNow + p.at(8, 0, 4, 4),
    panels.anomalyNow + p.at(12, 0, 4, 4),
    panels.mode + p.at(16, 0, 4, 4),
    panels.newestTicket + p.at(20, 0, 4, 4),
    p.row('Prognosis', 4),
    panels.failureProbability + p.at(0, 5, 8, 9),
    panels.life + p.at(8, 5, 8, 9),
    panels.anomaly + p.at(16, 5, 8, 9),
    panels.newestContributions + p.at(0, 14, 8, 9),
    panels.contributions + p.at(8, 14, 16, 9),
    p.row('What happened', 23),
    panels.tickets + p.at(0, 24, 14, 7),
    panels.lifeEvents + p.at(14, 24, 10, 7),
    p.row('Channels', 31),
    panels.channels + p.at(0, 32, 24, 8),
    // Last: it is repeated for every channel and grows downwards.
    panels.channel + p.at(0, 40, 12, 8),
  ]
)
+ g.dashboard.withAnnotations(annotations)
