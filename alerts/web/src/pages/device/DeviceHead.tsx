import { Anchor } from '@mantine/core'
import { Link } from 'wouter'
import { useDevices } from '../../api/queries.ts'
import type { DeviceDetail, DeviceView } from '../../api/types.ts'
import { IconArrowLeft } from '../../components/icons.ts'
import { LifeBar } from '../../components/LifeBar.tsx'
import { RiskMark } from '../../components/RiskMark.tsx'
import { lifeUnitOf, useAssetTypes, useModeLabel } from '../../components/useAssetTypes.ts'
import { notScoredWords, riskOf } from '../../lib/deviceWords.ts'
import { formatProbability } from '../../lib/format.ts'
import { lifeLeft, usageUnit } from '../../lib/interval.ts'
import { links } from '../../lib/links.ts'
import { formatMoment } from '../../lib/time.ts'
import classes from '../ticket/TicketHead.module.css'

/** The fleet's copy of a device is moved by live scores; it is the fresher one. */
function useFreshDevice(read: DeviceView): DeviceView {
  const { data } = useDevices()
  return data?.find((d) => d.device === read.device) ?? read
}

export function DeviceHead({ detail }: { detail: DeviceDetail }) {
  const device = useFreshDevice(detail.device)
  const type = useAssetTypes().get(device.assetType)
  return (
    <header className={classes.head}>
      <Anchor component={Link} href={links.fleet} className={classes.back}>
        <IconArrowLeft size={15} aria-hidden /> Fleet
      </Anchor>
      <h1 className={classes.title}>{device.device}</h1>
      <div className={classes.marks}>
        <RiskMark risk={riskOf(device)} />
        <span>
          {type?.label ?? device.assetType} · {device.site}
        </span>
        <span>criticality {device.criticality}</span>
        <span>first seen {formatMoment(device.firstSeen)}</span>
        {detail.latest && <span>newest reading {formatMoment(detail.latest.time)}</span>}
      </div>
      {device.state.state === 'not_scored' ? (
        <p className={classes.outcome} data-testid="not-scored">
          Since {formatMoment(device.state.since)} {notScoredWords(device.state.reason)}.
        </p>
      ) : (
        <Forecast device={device} />
      )}
    </header>
  )
}

function Forecast({ device }: { device: DeviceView }) {
  const type = useAssetTypes().get(device.assetType)
  const modeLabel = useModeLabel()
  if (!type || !device.score) return null
  const life = lifeUnitOf(type)
  const { rul, failureProbability, suspectedMode } = device.score
  return (
    <div className={classes.forecast}>
      <div className={classes.figure}>
        <span className={classes.name}>Time left, 80 % interval</span>
        <span className={classes.value}>{lifeLeft(rul, life)}</span>
        <LifeBar rul={rul} life={life} />
      </div>
      <div className={classes.figure}>
        <span className={classes.name}>
          Failure within {type.horizon} {usageUnit(life.unit)}
        </span>
        <span className={classes.value}>{formatProbability(failureProbability)}</span>
      </div>
      <div className={classes.figure}>
        <span className={classes.name}>Suspected fault</span>
        <span className={classes.value}>
          {suspectedMode === 'unknown' ? 'none' : modeLabel(device.assetType, suspectedMode)}
        </span>
      </div>
    </div>
  )
}
