import type { AssetType } from '../../core/catalogue.ts'
import { calibrated } from '../scoring/conformal.ts'
import type { TrainedForecaster } from '../training/forecaster.ts'
import { coverage90, rmse } from './metrics.ts'

/** Figures for the manifest: every device forecast by the members that never saw it. */
export function forecasterMetrics(trained: TrainedForecaster, { rulCap }: AssetType): Record<string, number> {
  const rows = trained.outOfFold.flatMap(({ forecasts, truth }) =>
    forecasts.map((f, i) => ({
      predicted: Math.max(0, Math.min(rulCap, f.mean)),
      rul: calibrated(f, trained.conformal, rulCap),
      truth: truth[i]!,
    })),
  )
  const { coverage, meanWidth } = coverage90(rows)
  return { outOfFoldRmseCapped: rmse(rows), outOfFoldCoverage90: coverage, outOfFoldWidth90: meanWidth }
}
