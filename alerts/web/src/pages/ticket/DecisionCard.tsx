import type { Ticket } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { Facts } from '../../components/Facts.tsx'
import { rarityWords } from '../../lib/format.ts'
import { reasonWords } from '../../lib/ticketWords.ts'
import { formatMoment, formatSeconds } from '../../lib/time.ts'

/** By what the newest forecast was made, for whoever wants to check it. */
export const DecisionCard = ({ ticket: { prediction, publishToTicketMs } }: { ticket: Ticket }) => (
  <Card title="How this was decided">
    <Facts
      columns={2}
      facts={[
        { name: 'Reason', value: reasonWords(prediction.reason) },
        { name: 'Window ended', value: formatMoment(prediction.windowEnd) },
        {
          name: 'Healthy machines look so',
          value: rarityWords(prediction.anomaly),
          hint: 'tail probability of the anomaly',
        },
        { name: 'Model', value: <code>{prediction.model.slice(0, 12)}</code> },
        ...(publishToTicketMs === null
          ? []
          : [{ name: 'Reading to ticket', value: formatSeconds(publishToTicketMs) }]),
      ]}
    />
  </Card>
)
