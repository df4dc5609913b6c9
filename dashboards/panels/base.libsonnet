// The few kinds of panel that the dashboards are made of, each with the looks that all of its kind share.
local config = import '../config.libsonnet';
local g = import '../g.libsonnet';

local c = config.colours;

// Every panel says what it shows, and what it means that it shows nothing.
local new(kind, title, description, noValue, targets) =
  g.panel[kind].new(title)
  + g.panel[kind].panelOptions.withDescription(description)
  + g.panel[kind].standardOptions.withNoValue(noValue)
  + g.panel[kind].queryOptions.withDatasource(config.datasource.type, config.datasource.uid)
  + g.panel[kind].queryOptions.withTargets(if std.isArray(targets) then targets else [targets]);

{
  // ---- kinds

  lines(title, description, noValue, targets):
    new('timeSeries', title, description, noValue, targets)
    + {
      options+: {
        legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: ['lastNotNull'] },
        tooltip: { mode: 'multi', sort: 'none' },
      },
      fieldConfig+: { defaults+: { custom+: {
        drawStyle: 'line',
        lineWidth: 1,
        fillOpacity: 8,
        showPoints: 'auto',
        pointSize: 4,
        spanNulls: true,
      } } },
    },

  bars(title, description, noValue, targets):
    self.lines(title, description, noValue, targets)
    + { fieldConfig+: { defaults+: { custom+: {
      drawStyle: 'bars',
      fillOpacity: 70,
      lineWidth: 0,
      stacking: { mode: 'normal', group: 'A' },
    } } } },

  stat(title, description, noValue, targets):
    new('stat', title, description, noValue, targets)
    + { options+: {
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'center',
      orientation: 'auto',
      textMode: 'auto',
      wideLayout: true,
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    } },

  // A stat that shows a text.
  word(title, description, noValue, targets, field):
    self.stat(title, description, noValue, targets)
    + { options+: { reduceOptions+: { fields: '/^%s$/' % field } } },

  table(title, description, noValue, targets):
    new('table', title, description, noValue, targets)
    + { options+: { showHeader: true, cellHeight: 'sm' } },

  bar(title, description, noValue, targets):
    new('barGauge', title, description, noValue, targets)
    + { options+: {
      displayMode: 'basic',
      orientation: 'horizontal',
      showUnfilled: true,
      valueMode: 'color',
      namePlacement: 'auto',
      sizing: 'auto',
      minVizHeight: 16,
      minVizWidth: 8,
      maxVizHeight: 32,
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    } },

  statusHistory(title, description, noValue, targets):
    new('statusHistory', title, description, noValue, targets)
    + {
      options+: {
        legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
        rowHeight: 0.9,
        showValue: 'never',
        tooltip: { mode: 'single', sort: 'none' },
      },
      fieldConfig+: { defaults+: { custom+: { fillOpacity: 80, lineWidth: 0 } } },
    },

  // ---- what is laid over them

  unit(unit): { fieldConfig+: { defaults+: { unit: unit } } },
  range(min, max=null): { fieldConfig+: { defaults+: { min: min, [if max != null then 'max']: max } } },
  decimals(n): { fieldConfig+: { defaults+: { decimals: n } } },
  interval(interval): { interval: interval },
  // At most so many buckets, where a narrow one could not be seen or would be refused.
  buckets(n): { maxDataPoints: n },
  colour(colour): { fieldConfig+: { defaults+: { color: { mode: 'fixed', fixedColor: colour } } } },
  palette: { fieldConfig+: { defaults+: { color: { mode: 'palette-classic' } } } },
  custom(settings): { fieldConfig+: { defaults+: { custom+: settings } } },
  transform(steps): { transformations+: steps },

  // Good below `warn`, bad from `bad` on.
  thresholds(limits): self.steps([
    { color: c.good, value: null },
    { color: c.warn, value: limits.warn },
    { color: c.bad, value: limits.bad },
  ]),
  // Bad below `bad`, as with a tail probability.
  fallingThresholds(limits): self.steps([
    { color: c.bad, value: null },
    { color: c.warn, value: limits.bad },
    { color: c.good, value: limits.warn },
  ]),
  steps(steps): { fieldConfig+: { defaults+: {
    color: { mode: 'thresholds' },
    thresholds: { mode: 'absolute', steps: steps },
  } } },
  // The limits as dashed lines in a graph.
  thresholdLines: { fieldConfig+: { defaults+: { custom+: { thresholdsStyle: { mode: 'dashed' } } } } },

  // Words and colours instead of values: {value: {text, color}}.
  words(map): { fieldConfig+: { defaults+: { mappings: [{ type: 'value', options: map }] } } },

  // Other looks for the series or column of that name; `properties` is {id: value}.
  override(name, properties): self.overriding({ id: 'byName', options: name }, properties),
  overrideAll(regexp, properties): self.overriding({ id: 'byRegexp', options: regexp }, properties),
  overriding(matcher, properties): { fieldConfig+: { overrides+: [{
    matcher: matcher,
    properties: [{ id: id, value: properties[id] } for id in std.objectFields(properties)],
  }] } },
  column(name, title, properties={}): self.override(name, { displayName: title } + properties),
  hidden(names): std.foldl(function(all, name) all + self.override(name, { 'custom.hidden': true }), names, {}),

  coloured: { 'custom.cellOptions': { type: 'color-background', mode: 'basic' } },

  // The unit of the graph's numbers is what the query `refId` says in its column `suffix`. Applied by name, since the
  // time column must not have it.
  unitFrom(refId, exceptFor=[]): self.transform([{
    id: 'configFromData',
    options: {
      configRefId: refId,
      mappings: [{ fieldName: 'suffix', handlerKey: 'unit', reducerId: 'lastNotNull' }],
      applyTo: { id: 'byRegexp', options: '/^(?!(%s)$).+/' % std.join('|', ['Time', 'time'] + exceptFor) },
    },
  }]),

  // ---- where they lie

  at(x, y, w, h): { gridPos: { x: x, y: y, w: w, h: h } },
  row(title, y): g.panel.row.new(title) + g.panel.row.withCollapsed(false) + { gridPos: { x: 0, y: y, w: 24, h: 1 }, panels: [] },
}
