import { useTicket } from '../../api/queries.ts'
import type { TicketDetail } from '../../api/types.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { useModeLabel } from '../../components/useAssetTypes.ts'
import { usePageTitle } from '../../components/usePageTitle.ts'
import { AdviceCard } from './AdviceCard.tsx'
import { ArgumentCard } from './ArgumentCard.tsx'
import { AttachmentsCard } from './AttachmentsCard.tsx'
import { DecisionCard } from './DecisionCard.tsx'
import { DisturbanceCard } from './DisturbanceCard.tsx'
import { EvidenceCards } from './EvidenceCards.tsx'
import { HistoryCard } from './HistoryCard.tsx'
import { TicketHead } from './TicketHead.tsx'
import classes from './TicketPage.module.css'

/** Everything a planner needs to decide about one predicted failure. */
export function TicketPage({ id }: { id: number }) {
  const query = useTicket(id)
  return (
    <Loaded query={query} height={160} lines={3}>
      {(detail) => <TicketView detail={detail} />}
    </Loaded>
  )
}

function TicketView({ detail }: { detail: TicketDetail }) {
  const modeLabel = useModeLabel()
  const { ticket } = detail
  usePageTitle(`#${ticket.id} ${modeLabel(ticket.assetType, ticket.mode)}, ${ticket.device}`)
  return (
    <>
      <TicketHead detail={detail} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <EvidenceCards ticket={ticket} />
        </div>
        <div className={classes.column}>
          <DisturbanceCard ticket={ticket} />
          <AdviceCard detail={detail} />
          <ArgumentCard ticket={ticket} trackRecord={detail.trackRecord} />
          <AttachmentsCard detail={detail} />
          <HistoryCard detail={detail} />
          <DecisionCard ticket={ticket} />
        </div>
      </div>
    </>
  )
}
