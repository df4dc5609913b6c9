import { type Line, lineChart } from '../../report/charts/lineChart.ts'
import type { Section } from '../../report/renderReport.ts'
import { colours } from '../../report/style.ts'
import type { Curve } from './curves.ts'

/** Loss by epoch of every network. */
export function curvesSection(curves: readonly Curve[]): Section {
  const forecasters = curves.filter(({ kind }) => kind === 'forecaster')
  const lines = forecasters.map(
    ({ losses }, i): Line => ({
      name: i === forecasters.length - 1 ? 'all devices' : `without fold ${i + 1}`,
      points: pointsOf(losses),
      color: i === forecasters.length - 1 ? colours.main : colours.series[1 + (i % 5)],
    }),
  )
  const autoencoder = curves
    .filter(({ kind }) => kind === 'autoencoder')
    .map(({ losses }) => pointsOf(losses))
  const axes = { x: { name: 'epoch' }, y: { name: 'mean loss', log: true } }
  return {
    heading: 'Learning curves',
    text: [
      'Mean training loss of each epoch. Every fold holds out whole devices; its network is measured on them and thrown away, the one trained on all devices is kept.',
    ],
    charts: [
      ...(lines.length > 0
        ? [
            {
              ...lineChart({
                caption: 'Forecaster',
                description: 'Loss of the forecaster by epoch',
                ...axes,
                lines,
              }),
            },
          ]
        : []),
      ...autoencoder.map((points) =>
        lineChart({
          caption: 'Autoencoder',
          description: 'Loss of the autoencoder by epoch',
          ...axes,
          lines: [{ name: 'autoencoder', points, color: colours.main }],
        }),
      ),
    ],
  }
}

const pointsOf = (losses: readonly number[]) => losses.map((loss, epoch) => [epoch + 1, loss] as const)
