// How a question to InfluxDB is written. The library has no builder for InfluxQL: targets are plain objects.
local config = import '../config.libsonnet';

local target(format, refId, query) = {
  refId: refId,
  datasource: config.datasource,
  rawQuery: true,
  resultFormat: format,
  query: std.stripChars(query, ' \n'),
};

{
  // A line for each series; `alias` names it ($tag_device, $col).
  series(refId, query, alias): target('time_series', refId, query) { alias: alias },

  // Rows. A query grouped by more than one tag must not be asked for as a table: Grafana mixes their columns up.
  table(refId, query): target('table', refId, query),

  // A tag is compared as a whole, in the form that takes one value, several and All.
  is(tag, variable): '"%s" =~ /^$%s$/' % [tag, variable],
  oneOf(tag, values): '"%s" =~ /^(%s)$/' % [tag, std.join('|', values)],
  all(conditions): std.join(' AND ', conditions),

  // What the catalogue says is told for every full hour: the hours around the range hold it, too.
  aroundRange: 'time >= ${__from}ms - 1h AND time <= ${__to}ms + 1h',

  overTime: 'GROUP BY time($__interval)',
}
