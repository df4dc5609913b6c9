// Each variable narrows the next: site > type > device > channel.
local config = import 'config.libsonnet';
local g = import 'g.libsonnet';
local var = g.dashboard.variable;

local fromStates(key, where='') =
  'SHOW TAG VALUES FROM "device_state" WITH KEY = "%s"%s' % [key, where];

local query(name, label, text) =
  var.query.new(name, { query: text, refId: name })
  + var.query.generalOptions.withLabel(label)
  + var.query.withDatasource(config.datasource.type, config.datasource.uid)
  + var.query.withSort(type='alphabetical')
  + var.query.refresh.onLoad();

local several =
  var.query.selectionOptions.withMulti()
  + var.query.selectionOptions.withIncludeAll()
  + { current: { selected: true, text: ['All'], value: ['$__all'] } };

local site = query('site', 'Site', fromStates('site'));
local type = query('type', 'Asset type', fromStates('asset_type', ' WHERE "site" =~ /^$site$/'));

{
  sites: site + several,
  types: type + several,

  site: site,
  type: type,
  device: query(
    'device',
    'Device',
    fromStates('device', ' WHERE "site" =~ /^$site$/ AND "asset_type" =~ /^$type$/')
  ),
  channels: query(
    'channel',
    'Channel',
    'SHOW TAG VALUES FROM "channel" WITH KEY = "channel" WHERE "asset_type" =~ /^$type$/'
  ) + several,

  // Asset types with a model in force.
  modelled: query('type', 'Asset type', 'SHOW TAG VALUES FROM "model" WITH KEY = "asset_type"'),

  workers: query('worker', 'Worker', 'SHOW TAG VALUES FROM "pipeline" WITH KEY = "worker"') + several,

  forewarnUrl:
    var.textbox.new('forewarn_url', config.forewarnUrl)
    + var.textbox.generalOptions.withLabel("Planner's page"),
}
