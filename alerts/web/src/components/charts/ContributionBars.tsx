import { formatProbability } from '../../lib/format.ts'
import classes from './ContributionBars.module.css'

interface ContributionBarsProps {
  /** Channel name to its signed share; absolute values sum to 1. */
  readonly contributions: Readonly<Record<string, number>>
  readonly labelOf: (channel: string) => string
  /** How many of the largest are shown. */
  readonly most?: number
}

/** Which channels lead away from healthy, and in which direction: left of the middle is too low, right too high. */
export function ContributionBars({ contributions, labelOf, most = 6 }: ContributionBarsProps) {
  const sorted = Object.entries(contributions).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
  const scale = Math.max(0.01, Math.abs(sorted[0]?.[1] ?? 0))
  return (
    <ul className={classes.list}>
      {sorted.slice(0, most).map(([channel, share]) => (
        <li key={channel} className={classes.row}>
          <span className={classes.label}>{labelOf(channel)}</span>
          <span className={classes.words}>
            {formatProbability(Math.abs(share))} {share < 0 ? 'lower' : 'higher'}
          </span>
          <span className={classes.track} aria-hidden>
            <span
              className={share < 0 ? classes.lower : classes.higher}
              style={{ width: `${(Math.abs(share) / scale) * 50}%` }}
            />
          </span>
        </li>
      ))}
    </ul>
  )
}
