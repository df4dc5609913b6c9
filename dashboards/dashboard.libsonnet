// What the three dashboards share.
local config = import 'config.libsonnet';
local g = import 'g.libsonnet';
local links = import 'links.libsonnet';
local variables = import 'variables.libsonnet';

function(name, description, from, variableList, panels)
  local about = config.dashboards[name];
  g.dashboard.new(about.title)
  + g.dashboard.withUid(about.uid)
  + g.dashboard.withDescription(description)
  + g.dashboard.withTags(config.tags)
  + g.dashboard.withTimezone('browser')
  + g.dashboard.withEditable(false)
  + g.dashboard.withRefresh('30s')
  + g.dashboard.time.withFrom(from)
  + g.dashboard.time.withTo('now')
  + g.dashboard.graphTooltip.withSharedCrosshair()
  + g.dashboard.withVariables(variableList + [variables.forewarnUrl])
  + g.dashboard.withLinks(links.others(name))
  + g.dashboard.withPanels(panels)
