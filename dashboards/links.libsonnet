// Ways from one dashboard to another and to the planner's page, each with the time range and the variables it needs.
local config = import 'config.libsonnet';

local link(title, url, settings) = {
  type: 'link',
  title: title,
  url: url,
  icon: 'external link',
  tooltip: '',
  tags: [],
  asDropdown: false,
  includeVars: false,
  keepTime: false,
  targetBlank: false,
} + settings;

{
  // In the head of each dashboard: the others.
  others(own): [
    link(config.dashboards[name].title, '/d/%s' % config.dashboards[name].uid, { icon: 'dashboard', keepTime: true })
    for name in std.objectFields(config.dashboards)
    if name != own
  ] + [
    link("Planner's page", '${forewarn_url}', { targetBlank: true }),
  ],

  // In a table that has the columns site, asset_type and device.
  device: {
    title: 'Look at ${__data.fields.device}',
    url: '/d/%s?var-site=${__data.fields.site:percentencode}&var-type=${__data.fields.asset_type:percentencode}&var-device=${__data.fields.device:percentencode}&${__url_time_range}'
         % config.dashboards.device.uid,
  },

  // Of a value that is a ticket's number.
  ticket: {
    title: 'Open ticket ${__value.raw}',
    url: '${forewarn_url}/tickets/${__value.raw}',
    targetBlank: true,
  },
}
