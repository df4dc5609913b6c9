import { join } from 'node:path'
import type { TlsPair } from '../../core/tls.ts'
import { startBroker } from '../../ingest/broker/broker.ts'
import type { Inlet } from '../../ingest/inlet.ts'
import type { Intake } from '../../ingest/intake.ts'
import { sessionFile } from '../../ingest/subscriber/sessionMemory.ts'
import { startSubscriber } from '../../ingest/subscriber/subscriber.ts'
import type { Around } from '../around.ts'
import { mqttUrl, withoutPassword } from '../urls.ts'

/** The way in, and where devices publish to. */
export interface OpenInlet {
  readonly inlet: Inlet
  readonly url: string
  /** Of the embedded broker. */
  readonly port: number | undefined
}

/** Those of the contract, and what looks like them: a wrong topic is a dead letter, not silence. */
const contractTopics = ['forewarn/#']

export interface InletParts {
  readonly folder: string
  readonly tls: TlsPair | undefined
  readonly intake: Pick<Intake, 'message' | 'oversized'>
  /** Topics of existing publishers. */
  readonly mappedTopics: readonly string[]
}

/** Listens as a broker, or subscribes at the one of mqtt.url. */
export async function openInlet(around: Around, parts: InletParts): Promise<OpenInlet> {
  const { config, logger, clock, closers } = around
  const { mqtt, worker } = config
  const { intake, tls, folder, mappedTopics } = parts
  if (mqtt.url === '') {
    const broker = await startBroker({ config: mqtt, tls, intake, logger })
    closers.add('broker', () => broker.close())
    return { inlet: broker, port: broker.port, url: mqttUrl(mqtt, broker.port) }
  }
  const subscriber = await startSubscriber({
    config: mqtt,
    clientId: `forewarn-${worker.name}`,
    topics: [...contractTopics, ...mappedTopics],
    intake,
    logger,
    clock,
    memory: sessionFile(join(folder, 'subscriber')),
  })
  closers.add('subscriber', () => subscriber.close())
  return { inlet: subscriber, port: undefined, url: withoutPassword(mqtt.url) }
}
