import type { LifeEnd } from '../../../models/training/labels/timeline.ts'
import type { DataSummary } from '../../../models/training/prepare.ts'
import type { Section } from '../../report/renderReport.ts'
import { inCount } from '../../report/words.ts'

const endWords: Readonly<Record<LifeEnd, string>> = {
  failed: 'ran to a failure',
  confirmed: 'repaired after a ticket that a planner confirmed',
  renewed: 'repaired or replaced before a failure was seen',
  stopped: 'ended by a planned stop',
  running: 'no end: healthy, no failure in sight',
}

const censoring =
  'A life that ended before its failure was seen is known to have had at least so long left: it trains as that, and is not measured against.'

/** What trained, what did not, and why. */
export function dataSection({
  ends,
  foundHealthy,
  modes,
  leftOut,
  held,
  readings,
  rows,
  notes,
}: DataSummary): Section {
  const lives = Object.entries(ends).flatMap(([end, count]) =>
    count > 0 ? [[`Lives: ${endWords[end as LifeEnd]}`, inCount(count)]] : [],
  )
  const named = Object.entries(modes).map(([mode, count]) => [
    `Lives with failure mode ${mode}`,
    inCount(count),
  ])
  const lost = Object.entries(leftOut).map(([why, count]) => [`Readings left out: ${why}`, inCount(count)])
  return {
    heading: 'Data',
    text: [...notes, ...(ends.confirmed + ends.renewed + ends.stopped > 0 ? [censoring] : [])],
    table: {
      columns: [{ name: 'What' }, { name: 'Count', number: true }],
      rows: [
        ['Readings', inCount(readings)],
        ['Rows that train', inCount(rows)],
        ...(held > 0 ? [['Rows held over because a reading is missing', inCount(held)]] : []),
        ...lives,
        ...(foundHealthy > 0
          ? [['Lives in which a planner looked at an alarm and found nothing', inCount(foundHealthy)]]
          : []),
        ...named,
        ...lost,
      ],
    },
  }
}
