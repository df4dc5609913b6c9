import type { AssetType } from '../../core/catalogue.ts'
import { calibrated } from '../scoring/conformal.ts'
import { probabilityWithin } from '../scoring/quantiles.ts'
import type { OutOfFold, TrainedForecaster } from '../training/forecaster.ts'
import { type AlarmRule, alarmQuality, firstAlarm, type JudgedLife } from './alarms.ts'
import { coverage90, rmse } from './metrics.ts'

/** The policy's default rule: what the manifest's figures on first alarms are measured with. */
export const measuredRule: AlarmRule = { raiseAt: 0.5, k: 3, n: 4 }

/** Figures for the manifest: every device forecast by a member that never saw it. */
export function forecasterMetrics(trained: TrainedForecaster, type: AssetType): Record<string, number> {
  const rows = trained.outOfFold.flatMap(({ forecasts, truth, bound }) =>
    forecasts
      .map((f, i) => ({
        predicted: Math.max(0, Math.min(type.rulCap, f.mean)),
        rul: calibrated(f, trained.conformal, type.rulCap),
        truth: truth[i]!,
      }))
      // A bound is no truth to measure against.
      .filter((_, i) => !bound[i]),
  )
  const { coverage, meanWidth } = coverage90(rows)
  return {
    outOfFoldRmseCapped: rmse(rows),
    outOfFoldCoverage90: coverage,
    outOfFoldWidth90: meanWidth,
    ...alarmMetrics(judgedOutOfFold(trained, type, type.horizon), healthyIds(trained)),
  }
}

/** Whole lives as the policy would see them, for any horizon: how the catalogue's horizon is chosen. */
export function judgedOutOfFold(trained: TrainedForecaster, type: AssetType, horizon: number): JudgedLife[] {
  return trained.outOfFold.map((o) => ({
    id: o.life.id,
    failureProbability: o.forecasts.map((f) =>
      probabilityWithin(horizon, calibrated(f, trained.conformal, type.rulCap)),
    ),
    rul: endsInFailure(o) ? o.rows.map((row) => o.life.rul![row]!) : null,
  }))
}

/** A repaired life has a failure in sight for a while, but none at its end; the failure of a censored one was never seen. */
const endsInFailure = ({ life }: OutOfFold) =>
  life.rul !== null && !life.censored && Number.isFinite(life.rul.at(-1)!)

const healthyIds = ({ outOfFold }: TrainedForecaster) =>
  new Set(outOfFold.filter(({ life }) => life.rul === null).map(({ life }) => life.id))

function alarmMetrics(
  lives: readonly JudgedLife[],
  healthyOnes: ReadonlySet<string>,
): Record<string, number> {
  const healthy = lives.filter((life) => healthyOnes.has(life.id))
  const failing = lives.filter((life) => life.rul !== null)
  const { leads, leadP10, leadMedian } = alarmQuality(failing, measuredRule, [0, Number.POSITIVE_INFINITY])
  const silent = failing.filter((life) => firstAlarm(life.failureProbability, measuredRule) < 0)
  return {
    failures: failing.length,
    failuresWithoutAlarm: silent.length,
    // Healthy lives only: in a repaired one an alarm before the repair is right.
    healthyLives: healthy.length,
    healthyLivesWithAlarm: healthy.filter((life) => firstAlarm(life.failureProbability, measuredRule) >= 0)
      .length,
    ...(leads.length > 0
      ? {
          firstAlarmLeadMin: leads[0]!,
          firstAlarmLeadP10: leadP10,
          firstAlarmLeadMedian: leadMedian,
          firstAlarmLeadMax: leads.at(-1)!,
        }
      : {}),
  }
}
