import { useDevice } from '../../api/queries.ts'
import type { AssetTypeView, SimulatedPump, StoredScore } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { ContributionBars } from '../../components/charts/ContributionBars.tsx'
import { FanChart, type Moment } from '../../components/charts/FanChart.tsx'
import { ProbabilityChart } from '../../components/charts/ProbabilityChart.tsx'
import { EmptyNote } from '../../components/EmptyNote.tsx'
import { lifeUnitOf, useAssetTypes, useModeLabel } from '../../components/useAssetTypes.ts'
import { notScoredWords } from '../../lib/deviceWords.ts'
import { formatProbability } from '../../lib/format.ts'
import { lifeLeft } from '../../lib/interval.ts'
import { sentence } from '../../lib/ticketWords.ts'
import classes from './BreakPage.module.css'
import { useLiveScores } from './useLiveScores.ts'

interface LiveForecastProps {
  readonly pump: SimulatedPump
  readonly assetType: string
}

/** What the forecast says of the machine, window by window as it comes in. */
export function LiveForecast({ pump, assetType }: LiveForecastProps) {
  const type = useAssetTypes().get(assetType)
  return type ? <Forecast pump={pump} type={type} /> : null
}

const momentsOf = ({ state, since }: SimulatedPump): Moment[] =>
  state === 'running' ? [] : [{ at: since, label: state === 'failed' ? 'failed' : 'fault begins' }]

function Forecast({ pump, type }: { pump: SimulatedPump; type: AssetTypeView }) {
  const { scores, newest } = useLiveScores(pump.device, 2 * type.window.length * type.cadenceMs)
  const { data: detail } = useDevice(pump.device)
  const last = scores.at(-1)
  const state = detail?.device.state
  if (!last) {
    return (
      <Card title={pump.device}>
        <EmptyNote title="No score yet">
          {state?.state === 'not_scored'
            ? `It is ${notScoredWords(state.reason)}.`
            : 'The first one is on its way.'}
        </EmptyNote>
      </Card>
    )
  }
  return (
    <div className={classes.column}>
      <Card
        title={`Forecast of ${pump.device}`}
        hint="As it comes in; the machine's own clock is on the axis"
      >
        <Now last={last} type={type} suspected={newest?.suspectedMode} />
        <FanChart scores={scores} life={lifeUnitOf(type)} horizon={type.horizon} moments={momentsOf(pump)} />
        <ProbabilityChart scores={scores} raiseAt={detail?.alarm?.raiseAt} height={140} />
      </Card>
      {newest && (
        <Card title="What deviates" hint="Share of each channel in the deviation from a healthy machine">
          <ContributionBars
            contributions={newest.contributions}
            labelOf={(name) => type.channels.find((c) => c.name === name)?.label ?? sentence(name)}
          />
        </Card>
      )}
    </div>
  )
}

interface NowProps {
  readonly last: StoredScore
  readonly type: AssetTypeView
  readonly suspected: string | undefined
}

function Now({ last, type, suspected }: NowProps) {
  const modeLabel = useModeLabel()
  return (
    <div className={classes.now}>
      <div>
        <span className={classes.name}>Time left, 80 % interval</span>
        <span className={classes.value} data-testid="break-interval">
          {lifeLeft(last.rul, lifeUnitOf(type))}
        </span>
      </div>
      <div>
        <span className={classes.name}>Failure within {type.horizon} h</span>
        <span className={classes.value}>{formatProbability(last.failureProbability)}</span>
      </div>
      <div>
        <span className={classes.name}>Suspected fault</span>
        <span className={classes.value}>
          {!suspected || suspected === 'unknown' ? 'none' : modeLabel(type.name, suspected)}
        </span>
      </div>
    </div>
  )
}
