/** Message types of Sparkplug B 3.0 that tell of devices (section 4.1.3 of the specification). */
export const deviceMessages = ['NBIRTH', 'NDATA', 'NDEATH', 'DBIRTH', 'DDATA', 'DDEATH'] as const
export type SparkplugMessage = (typeof deviceMessages)[number]

/** What others say to devices, or of themselves. */
const otherMessages: readonly string[] = ['NCMD', 'DCMD', 'STATE']

export interface SparkplugTopic {
  readonly group: string
  readonly edge: string
  /** Empty for the edge node itself. */
  readonly device: string
  readonly type: SparkplugMessage
}

/** Longest topic that is taken, bytes: its names become part of a key of lmdb, which takes 1,978 at the most. */
const longest = 800

/**
 * `spBv1.0/<group>/<type>/<edge node>[/<device>]`. `other`: it is Sparkplug, but not for us. Undefined where it is none.
 */
export function parseSparkplugTopic(topic: string): SparkplugTopic | 'other' | undefined {
  const [namespace, group = '', type = '', edge = '', device = '', ...more] = topic.split('/')
  if (namespace !== 'spBv1.0' || Buffer.byteLength(topic) > longest) return undefined
  if (group === 'STATE' || otherMessages.includes(type)) return 'other'
  const known = deviceMessages.find((one) => one === type)
  const ofDevice = type.startsWith('D')
  if (!known || !group || !edge || more.length > 0 || ofDevice !== (device !== '')) return undefined
  return { group, edge, device, type: known }
}

/** Filters for what a group's edge nodes and devices say; `group` may be `+`. */
export const sparkplugFilters = (group: string): string[] =>
  deviceMessages.map((type) => `spBv1.0/${group}/${type}/${type.startsWith('D') ? '+/+' : '+'}`)
