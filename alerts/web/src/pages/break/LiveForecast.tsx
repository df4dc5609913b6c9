import { Stack } from '@mantine/core'
import { useDevice } from '../../api/queries.ts'
import type { AssetTypeView, LiveScore, SimulatedPump, StoredScore } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { ContributionBars } from '../../components/charts/ContributionBars.tsx'
import { FanChart } from '../../components/charts/FanChart.tsx'
import { ProbabilityChart } from '../../components/charts/ProbabilityChart.tsx'
import { EmptyNote } from '../../components/EmptyNote.tsx'
import { lifeUnitOf, useAssetTypes, useModeLabel } from '../../components/useAssetTypes.ts'
import { notScoredWords, riskBand } from '../../lib/deviceWords.ts'
import { formatProbability } from '../../lib/format.ts'
import { lifeLeft } from '../../lib/interval.ts'
import { sentence } from '../../lib/ticketWords.ts'
import { hour } from '../../lib/time.ts'
import classes from './BreakPage.module.css'
import { useLiveScores } from './useLiveScores.ts'
import { useMoments } from './useMoments.ts'

interface LiveForecastProps {
  readonly pump: SimulatedPump
  readonly assetType: string
  /** Machine hours that pass in one second. */
  readonly hoursPerSecond: number
}

/** So much of the watcher's time a live chart shows, s. */
const shownSeconds = 75

/** What the forecast says of the machine, window by window as it comes in. */
export function LiveForecast({ pump, assetType, hoursPerSecond }: LiveForecastProps) {
  const type = useAssetTypes().get(assetType)
  if (!type) return null
  const spanMs = Math.max(2 * type.window.length * type.cadenceMs, shownSeconds * hoursPerSecond * hour)
  return <Forecast pump={pump} type={type} spanMs={spanMs} />
}

interface ForecastProps {
  readonly pump: SimulatedPump
  readonly type: AssetTypeView
  readonly spanMs: number
}

function Forecast({ pump, type, spanMs }: ForecastProps) {
  const { scores, newest } = useLiveScores(pump.device, spanMs)
  const { data: detail } = useDevice(pump.device)
  const moments = useMoments(pump)
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
        <Now last={last} type={type} suspected={newest?.suspectedMode} failed={pump.state === 'failed'} />
        <Stack gap="sm">
          <FanChart scores={scores} life={lifeUnitOf(type)} horizon={type.horizon} moments={moments} />
          <ProbabilityChart scores={scores} raiseAt={detail?.alarm?.raiseAt} height={140} />
        </Stack>
      </Card>
      {newest && (
        <Card title="What deviates" hint={deviationHint(newest)}>
          <ContributionBars
            contributions={newest.contributions}
            labelOf={(name) => type.channels.find((c) => c.name === name)?.label ?? sentence(name)}
          />
        </Card>
      )}
    </div>
  )
}

/** The shares always add up to one, so a healthy machine needs a word beside them. */
const deviationHint = ({ anomaly, failureProbability }: LiveScore): string =>
  anomaly > 0.05 && riskBand(failureProbability) === 'low'
    ? 'The machine looks like healthy ones do: these shares are noise'
    : 'Share of each channel in the deviation from a healthy machine, and its direction'

interface NowProps {
  readonly last: StoredScore
  readonly type: AssetTypeView
  readonly suspected: string | undefined
  readonly failed: boolean
}

function Now({ last, type, suspected, failed }: NowProps) {
  const modeLabel = useModeLabel()
  return (
    <div className={classes.now}>
      <div>
        <span className={classes.name}>
          {failed ? 'Last forecast before it failed' : 'Time left, 80 % interval'}
        </span>
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
