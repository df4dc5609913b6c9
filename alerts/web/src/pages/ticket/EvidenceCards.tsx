import { Button } from '@mantine/core'
import { useState } from 'react'
import { useEvidence } from '../../api/queries.ts'
import type { EvidenceChannel, Ticket, TicketEvidence } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { ContributionBars } from '../../components/charts/ContributionBars.tsx'
import { FanChart } from '../../components/charts/FanChart.tsx'
import { TrendChart } from '../../components/charts/TrendChart.tsx'
import { EmptyNote } from '../../components/EmptyNote.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { lifeUnitOf, useAssetTypes } from '../../components/useAssetTypes.ts'
import { sentence } from '../../lib/ticketWords.ts'
import { formatMoment } from '../../lib/time.ts'
import classes from './EvidenceCards.module.css'

/** Why the ticket was opened: the forecast over time, the deviating channels, their trends in the deciding window. */
export function EvidenceCards({ ticket }: { ticket: Ticket }) {
  const query = useEvidence(ticket.id)
  return (
    <Loaded query={query} height={260} lines={2}>
      {(evidence) => (
        <>
          <ForecastCard evidence={evidence} actBy={ticket.actBy} />
          <ChannelsCard evidence={evidence} />
          <TrendsCard evidence={evidence} />
        </>
      )}
    </Loaded>
  )
}

function ForecastCard({ evidence, actBy }: { evidence: TicketEvidence; actBy: Ticket['actBy'] }) {
  const type = useAssetTypes().get(evidence.assetType)
  return (
    <Card title="Forecast over time" hint="Remaining useful life as it was forecast, window by window">
      {type && evidence.scores.length > 0 ? (
        <FanChart
          scores={evidence.scores}
          life={lifeUnitOf(type)}
          horizon={type.horizon}
          moments={[
            { at: evidence.windowEnd, label: 'deciding window' },
            ...(actBy ? [{ at: actBy.at, label: 'act by', deadline: true }] : []),
          ]}
        />
      ) : (
        <EmptyNote title="No forecasts are kept for this time" />
      )}
    </Card>
  )
}

function ChannelsCard({ evidence }: { evidence: TicketEvidence }) {
  const labels = new Map(evidence.channels.map((c) => [c.name, c.label]))
  return (
    <Card
      title="What deviates"
      hint="Share of each channel in the deviation from a healthy machine, and its direction"
    >
      <ContributionBars
        contributions={evidence.contributions}
        labelOf={(name) => labels.get(name) ?? sentence(name)}
      />
    </Card>
  )
}

/** Turbines have two dozen channels: the ones that matter stand first, the rest waits. */
const shownAtFirst = 6

function TrendsCard({ evidence }: { evidence: TicketEvidence }) {
  const [all, setAll] = useState(false)
  const channels = all ? evidence.channels : evidence.channels.slice(0, shownAtFirst)
  const hidden = evidence.channels.length - channels.length
  return (
    <Card
      title="Channels in the deciding window"
      hint={`${evidence.times.length} rows up to ${formatMoment(evidence.windowEnd)}; the band of a healthy machine is shaded`}
    >
      <div className={classes.grid}>
        {channels.map((channel) => (
          <EvidenceTrend key={channel.name} channel={channel} evidence={evidence} />
        ))}
      </div>
      {hidden > 0 && (
        <Button variant="default" size="compact-md" mt="md" onClick={() => setAll(true)}>
          Show {hidden} more channels
        </Button>
      )}
    </Card>
  )
}

const EvidenceTrend = ({ channel, evidence }: { channel: EvidenceChannel; evidence: TicketEvidence }) => (
  <TrendChart
    label={channel.label}
    unit={channel.unit}
    normal={channel.normal}
    series={{ times: evidence.times, values: channel.values }}
    syncKey={`evidence-${evidence.ticket}`}
  />
)
