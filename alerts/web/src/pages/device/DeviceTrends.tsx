import { SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import { type Span, useScores, useTrend } from '../../api/queries.ts'
import type { AssetTypeView, ChannelView, DeviceDetail, Trend } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { FanChart } from '../../components/charts/FanChart.tsx'
import { ProbabilityChart } from '../../components/charts/ProbabilityChart.tsx'
import { TrendChart } from '../../components/charts/TrendChart.tsx'
import { EmptyNote } from '../../components/EmptyNote.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { lifeUnitOf } from '../../components/useAssetTypes.ts'
import grid from '../ticket/EvidenceCards.module.css'
import { spansOf, usualSpan } from './spans.ts'

interface DeviceTrendsProps {
  readonly detail: DeviceDetail
  readonly type: AssetTypeView
}

/** Buckets a chart: about two a pixel column would be wasted. */
const buckets = 240

/** Scores and channels over one stretch of time that the reader chooses. */
export function DeviceTrends({ detail, type }: DeviceTrendsProps) {
  const [choice, setChoice] = useState(() => usualSpan(type))
  const choices = spansOf(type)
  const ms = (choices.find((c) => c.value === choice) ?? choices[0]!).ms
  const span: Span = { ms, until: detail.latest?.time }
  const device = detail.device.device
  if (!detail.latest) {
    return (
      <Card>
        <EmptyNote title="No reading is stored yet">The trends appear with the first one.</EmptyNote>
      </Card>
    )
  }
  return (
    <>
      <SegmentedControl
        aria-label="Stretch of time"
        value={choice}
        onChange={setChoice}
        data={choices.map(({ value, label }) => ({ value, label }))}
        style={{ justifySelf: 'start' }}
      />
      <ScoreCards device={device} type={type} span={span} raiseAt={detail.alarm?.raiseAt} />
      <Card
        title="Channels"
        hint="Mean of each bucket, least to greatest value around it; the normal band is shaded"
      >
        <div className={grid.grid}>
          {type.channels.map((channel) => (
            <ChannelTrend key={channel.name} device={device} channel={channel} span={span} />
          ))}
        </div>
      </Card>
    </>
  )
}

interface ScoreCardsProps {
  readonly device: string
  readonly type: AssetTypeView
  readonly span: Span
  readonly raiseAt: number | undefined
}

function ScoreCards({ device, type, span, raiseAt }: ScoreCardsProps) {
  const query = useScores(device, span)
  return (
    <Card title="Forecast" hint="Remaining useful life and the probability of failure within the horizon">
      <Loaded query={query} height={260} lines={1}>
        {({ scores }) =>
          scores.length > 0 ? (
            <Stack gap="sm">
              <FanChart scores={scores} life={lifeUnitOf(type)} horizon={type.horizon} height={220} />
              <ProbabilityChart scores={scores} raiseAt={raiseAt} height={130} />
            </Stack>
          ) : (
            <EmptyNote title="No window was scored in this time" />
          )
        }
      </Loaded>
    </Card>
  )
}

interface ChannelTrendProps {
  readonly device: string
  readonly channel: ChannelView
  readonly span: Span
}

const seriesOf = (trend: Trend) => ({
  times: trend.buckets.map((b) => b.time),
  values: trend.buckets.map((b) => b.mean),
  spread: { min: trend.buckets.map((b) => b.min), max: trend.buckets.map((b) => b.max) },
})

function ChannelTrend({ device, channel, span }: ChannelTrendProps) {
  const query = useTrend(device, channel.name, span, buckets)
  return (
    <Loaded query={query} height={150} lines={1}>
      {(trend) => (
        <TrendChart
          label={channel.label}
          unit={channel.unit}
          normal={channel.normal}
          series={seriesOf(trend)}
          syncKey={`device-${device}`}
        />
      )}
    </Loaded>
  )
}
