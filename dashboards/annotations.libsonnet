// Marks in every graph of a device: what happened to its tickets, and to itself.
local config = import 'config.libsonnet';
local queries = import 'queries/device.libsonnet';

local marks(name, colour, query, text) = {
  name: name,
  datasource: config.datasource,
  enable: true,
  hide: false,
  iconColor: colour,
  target: {
    refId: 'annotation',
    fromAnnotations: true,
    query: query,
    textColumn: text,
    tagsColumn: 'kind',
    titleColumn: '',
    timeEndColumn: '',
  },
};

[
  marks('Tickets', config.colours.warn, queries.ticketMarks, 'text'),
  marks('Life events', config.colours.neutral, queries.lifeEventMarks, 'detail'),
]
