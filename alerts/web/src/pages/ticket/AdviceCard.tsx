import type { ModeAdvice, TicketDetail } from '../../api/types.ts'
import { Card } from '../../components/Card.tsx'
import { Facts } from '../../components/Facts.tsx'
import { usageUnit } from '../../lib/interval.ts'
import classes from './AdviceCard.module.css'
import { CostBars } from './CostBars.tsx'

/** What the catalogue recommends for the suspected mode. */
export function AdviceCard({ detail: { advice, usageUnit: unit } }: { detail: TicketDetail }) {
  return (
    <Card title="Recommended action">
      {advice ? <Advice advice={advice} unit={unit ?? ''} /> : <NoAdvice />}
    </Card>
  )
}

const Advice = ({ advice, unit }: { advice: ModeAdvice; unit: string }) => (
  <>
    <p className={classes.action}>{advice.action}</p>
    <Facts
      columns={3}
      facts={[
        { name: 'Parts', value: advice.parts.length ? advice.parts.join(', ') : 'none' },
        { name: 'Skill', value: advice.skill },
        { name: 'Notice needed', value: `${advice.requiredLead} ${usageUnit(unit)}` },
      ]}
    />
    <CostBars planned={advice.costPlanned} failure={advice.costFailure} />
  </>
)

const NoAdvice = () => (
  <p className={classes.action}>
    The evidence fits no failure mode of the catalogue. Look at the channels that deviate most and inspect the
    machine there; the verdict teaches the next forecast.
  </p>
)
