/**
 * The topics of the contract: `forewarn/<site>/<asset type>/<device>/<kind>`. Names are kept to characters that are
 * safe in a tag, a URL segment and a file name.
 */
export const topicKinds = ['telemetry', 'event', 'score', 'status'] as const
export type TopicKind = (typeof topicKinds)[number]

export interface DeviceTopic {
  readonly site: string
  readonly assetType: string
  readonly device: string
  readonly kind: TopicKind
}

/** Longest topic that can be valid: three names of 64 characters, the fixed words and the slashes. */
const longest = 'forewarn'.length + 3 * 64 + 'telemetry'.length + 4

const name = '((?!\\.{1,2}(?:/|$))[A-Za-z0-9_.:-]{1,64})'
const wholeName = new RegExp(`^${name}$`)
const pattern = new RegExp(`^forewarn/${name}/${name}/${name}/(${topicKinds.join('|')})$`)

/** Undefined where the topic is not one of the contract's (dead letter `bad_topic`). Never throws. */
export function parseTopic(topic: string): DeviceTopic | undefined {
  if (topic.length > longest) return undefined
  const match = pattern.exec(topic)
  if (!match) return undefined
  const [, site, assetType, device, kind] = match as unknown as [string, string, string, string, TopicKind]
  return { site, assetType, device, kind }
}

/** Whether the text can stand for a site, an asset type or a device. */
export const isName = (text: string): boolean => wholeName.test(text)

export const formatTopic = ({ site, assetType, device, kind }: DeviceTopic): string =>
  `forewarn/${site}/${assetType}/${device}/${kind}`
