local dashboard = import 'dashboard.libsonnet';
local p = import 'panels/base.libsonnet';
local panels = import 'panels/pipeline.libsonnet';
local variables = import 'variables.libsonnet';

dashboard(
  'pipeline',
  'Forewarn itself: that nothing is lost, how far the log, the store, the scorer and the queue are, and what was turned away.',
  'now-3h',
  [variables.workers],
  [
    panels.equation + p.at(0, 0, 24, 5),
    p.row('In: broker and log', 5),
    panels.readings + p.at(0, 6, 8, 8),
    panels.messages + p.at(8, 6, 8, 8),
    panels.ackLatency + p.at(16, 6, 8, 8),
    panels.logDepth + p.at(0, 14, 8, 8),
    panels.logBytes + p.at(8, 14, 8, 8),
    panels.logAge + p.at(16, 14, 8, 8),
    panels.lost + p.at(0, 22, 12, 6),
    panels.clients + p.at(12, 22, 12, 6),
    p.row('Scores and tickets', 28),
    panels.scoringLag + p.at(0, 29, 8, 8),
    panels.windows + p.at(8, 29, 8, 8),
    panels.devices + p.at(16, 29, 8, 8),
    panels.queue + p.at(0, 37, 16, 8),
    panels.ticketsOpen + p.at(16, 37, 8, 8),
    p.row('Dead letters', 45),
    panels.deadLetters + p.at(0, 46, 8, 9),
    panels.deadLettersOverTime + p.at(8, 46, 16, 9),
  ]
)
