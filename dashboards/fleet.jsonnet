local dashboard = import 'dashboard.libsonnet';
local p = import 'panels/base.libsonnet';
local panels = import 'panels/fleet.libsonnet';
local variables = import 'variables.libsonnet';

dashboard(
  'fleet',
  'All machines at one look: how they are, which are worst, which are not scored and why, and what became tickets.',
  'now-7d',
  [variables.sites, variables.types],
  [
    panels.scored + p.at(0, 0, 4, 4),
    panels.notScored + p.at(4, 0, 4, 4),
    panels.worst + p.at(8, 0, 6, 4),
    panels.opened + p.at(14, 0, 5, 4),
    panels.finished + p.at(19, 0, 5, 4),
    p.row('Health', 4),
    panels.matrix + p.at(0, 5, 8, 9),
    panels.worstDevices + p.at(8, 5, 16, 9),
    panels.healthMap + p.at(0, 14, 24, 10),
    p.row('Not scored', 24),
    panels.notScoredWhy + p.at(0, 25, 24, 7),
    p.row('Tickets', 32),
    panels.ticketsOverTime + p.at(0, 33, 10, 9),
    panels.tickets + p.at(10, 33, 14, 9),
  ]
)
