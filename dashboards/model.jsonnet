local dashboard = import 'dashboard.libsonnet';
local p = import 'panels/base.libsonnet';
local panels = import 'panels/model.libsonnet';
local variables = import 'variables.libsonnet';

dashboard(
  'model',
  'Whether the models can be trusted: what they say, what came true of it, and whether machines still run as those that trained.',
  'now-7d',
  [variables.modelled],
  [
    panels.version + p.at(0, 0, 6, 4),
    panels.coverage + p.at(6, 0, 5, 4),
    panels.failures + p.at(11, 0, 4, 4),
    panels.width + p.at(15, 0, 4, 4),
    panels.shifted + p.at(19, 0, 5, 4),
    p.row('What they say', 4),
    panels.probability + p.at(0, 5, 12, 9),
    panels.anomaly + p.at(12, 5, 12, 9),
    panels.byVersion + p.at(0, 14, 24, 7),
    p.row('What came true', 21),
    panels.coverageOverTime + p.at(0, 22, 12, 8),
    panels.precision + p.at(12, 22, 12, 8),
    p.row('Whether machines run as those that trained', 30),
    panels.drift + p.at(0, 31, 16, 9),
    panels.driftNow + p.at(16, 31, 8, 9),
    panels.shifts + p.at(0, 40, 24, 9),
  ]
)
