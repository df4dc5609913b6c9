import { readLifeEvents } from '../../alerts/live/lifeStream.ts'
import type { Judge } from '../../alerts/policy/judge.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { DeviceRegister, SourcePosition } from '../../core/ports.ts'
import { logsKey } from '../../ingest/handoff/keys.ts'
import { takeLease } from '../../ingest/handoff/lease.ts'
import { holds, parseShare } from '../../ingest/handoff/partition.ts'
import { openScoredPositions, type ScoredPositions } from '../../ingest/handoff/scored.ts'
import type { Around } from '../around.ts'
import { every } from '../every.ts'
import type { Link } from '../link.ts'
import type { SourceStart } from '../threads/scorerProtocol.ts'

/** Where the scorer reads, and how it says how far it is. */
export interface ScoreSource {
  readonly start: SourceStart
  commit(position: SourcePosition): Promise<void>
}

/** Reads its share of every log, and follows the life events of its devices. */
export async function streamSource(
  around: Around,
  link: Link,
  judge: Judge,
  register: Pick<DeviceRegister, 'events'>,
): Promise<ScoreSource> {
  const { config } = around
  const positions = await tellProgress(around, link)
  followLifeEvents(around, link, judge, register)
  return {
    start: { kind: 'streams', redis: config.queue, share: parseShare(config.worker.share) },
    commit: (position) => positions.commit(position),
  }
}

/** Waits until this process alone has its share of the devices; `around.stopping` ends the wait. */
export async function holdShare(
  { config, clock, closers, logger, stopping, onFatal }: Around,
  link: Link,
): Promise<void> {
  const { share, name } = config.worker
  const lease = await takeLease({
    redis: link.commands,
    what: `share:${share}`,
    holder: name,
    // 1/2 and 2/3 would overlap
    agreement: { on: 'shares', value: `of ${parseShare(share).of}` },
    clock,
    signal: stopping,
    taken: (holder) => new ForewarnError('SHARE_TAKEN', { share, holder }),
    onWaiting: (error) => logger.warn({ remedy: error.remedy }, error.message),
    onLost: onFatal,
  })
  closers.add('share of the devices', () => lease.release())
}

async function tellProgress({ clock, closers, logger }: Around, link: Link): Promise<ScoredPositions> {
  const positions = await openScoredPositions(link.commands)
  const repeating = every(1_000, positions.repeat, clock, (error) =>
    logger.warn({ err: error }, 'progress of scoring is not told'),
  )
  closers.add('progress of scoring', () => repeating.stop())
  return positions
}

/** Tells the policy what the register knows of devices whose alarm stands: there a repair that was not heard would matter. */
async function heardBefore(
  judge: Judge,
  register: Pick<DeviceRegister, 'events'>,
  isMine: (device: string) => Promise<boolean>,
): Promise<void> {
  for (const { device, raised } of judge.alarms().values()) {
    if (!raised || !(await isMine(device))) continue
    for (const event of await register.events(device)) await judge.event(event)
  }
}

/** Which devices this process scores, by the logs that there are at the moment. */
export function ownershipOf({ config }: Pick<Around, 'config'>, link: Link) {
  const share = parseShare(config.worker.share)
  return async (): Promise<(device: string) => boolean> => {
    const counts = (await link.commands.hvals(logsKey)).map(Number)
    const known = counts.length > 0 ? counts : [config.handoff.partitions]
    return (device) => known.some((partitions) => holds(share, device, partitions))
  }
}

function followLifeEvents(
  { config, clock, closers, logger }: Around,
  link: Link,
  judge: Judge,
  register: Pick<DeviceRegister, 'events'>,
): void {
  const ownership = ownershipOf({ config }, link)
  const isMine = async (device: string) => (await ownership())(device)
  /** A Redis that failed over may have forgotten a life event; the register has them all, and told again they change nothing. */
  const catchUp = () => {
    heardBefore(judge, register, isMine).catch((error) =>
      logger.warn({ err: error }, 'life events were not looked up in the register'),
    )
  }
  const stopping = new AbortController()
  const following = readLifeEvents({
    redis: link.commands,
    reader: config.worker.share,
    clock,
    signal: stopping.signal,
    // The other shares hear of it, too; an alarm is kept by whoever scores its device.
    onEvent: async (event) => {
      if (await isMine(event.device)) await judge.event(event)
    },
    onProblem: (error) => logger.warn({ err: error }, 'life events wait'),
  })
  catchUp()
  link.commands.on('ready', catchUp)
  closers.add('life events', () => {
    stopping.abort()
    return following
  })
}
