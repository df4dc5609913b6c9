import { type Risk, riskLabels } from '../../lib/deviceWords.ts'
import classes from './RiskTiles.module.css'

interface RiskTilesProps {
  readonly counts: Readonly<Record<Risk, number>>
  readonly chosen: Risk | ''
  readonly choose: (risk: Risk | '') => void
}

const order: readonly Risk[] = ['likely', 'watch', 'low', 'not_scored']

/** How many machines are in which state; a tile is also the filter for it. */
export const RiskTiles = ({ counts, chosen, choose }: RiskTilesProps) => (
  <fieldset className={classes.tiles}>
    <legend className={classes.legend}>Filter by state</legend>
    {order.map((risk) => (
      <button
        key={risk}
        type="button"
        className={classes.tile}
        data-risk={risk}
        aria-pressed={chosen === risk}
        onClick={() => choose(chosen === risk ? '' : risk)}
        data-testid={`risk-${risk}`}
      >
        <span className={classes.count}>{counts[risk]}</span>
        <span className={classes.label}>{riskLabels[risk]}</span>
      </button>
    ))}
  </fieldset>
)
