import { memo } from 'react'
import { Link } from 'wouter'
import type { DeviceView } from '../../api/types.ts'
import { LifeBar } from '../../components/LifeBar.tsx'
import { Probability } from '../../components/Probability.tsx'
import { RiskMark } from '../../components/RiskMark.tsx'
import { lifeUnitOf, useAssetTypes } from '../../components/useAssetTypes.ts'
import { notScoredWords, riskOf } from '../../lib/deviceWords.ts'
import { lifeLeft } from '../../lib/interval.ts'
import { links } from '../../lib/links.ts'
import classes from './FleetList.module.css'

/** One machine: its score, or in words why it has none. */
export const FleetRow = memo(function FleetRow({ device }: { device: DeviceView }) {
  const type = useAssetTypes().get(device.assetType)
  const risk = riskOf(device)
  return (
    <li className={classes.row} data-testid={`device-${device.device}`} data-risk={risk}>
      <Link href={links.device(device.device)} className={classes.device}>
        {device.device}
      </Link>
      <span className={classes.place}>
        {type?.label ?? device.assetType}, {device.site}
      </span>
      {device.state.state === 'not_scored' ? (
        <span className={classes.reason}>{notScoredWords(device.state.reason)}</span>
      ) : (
        <Scored device={device} />
      )}
      <span className={classes.ticket}>
        {device.openTicket !== null && (
          <Link href={links.ticket(device.openTicket)} className={classes.ticketLink}>
            #{device.openTicket}
          </Link>
        )}
      </span>
    </li>
  )
})

function Scored({ device }: { device: DeviceView }) {
  const type = useAssetTypes().get(device.assetType)
  if (!type || !device.score)
    return <span className={classes.reason}>scored, but its score is not here yet</span>
  const life = lifeUnitOf(type)
  return (
    <>
      <span className={classes.state}>
        <RiskMark risk={riskOf(device)} />
      </span>
      <span className={classes.life}>
        {lifeLeft(device.score.rul, life)}
        <LifeBar rul={device.score.rul} life={life} />
      </span>
      <span className={classes.probability}>
        <Probability value={device.score.failureProbability} />
      </span>
    </>
  )
}
