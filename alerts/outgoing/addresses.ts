import ipaddr from 'ipaddr.js'
import { ForewarnError } from '../../core/errors.ts'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Network = [Address, number]

/** Which hosts and networks may be sent to though they are not public. */
export interface AllowList {
  readonly hosts: ReadonlySet<string>
  readonly networks: readonly Network[]
}

/** Global unicast as IANA gives it out; all of today's public IPv6 addresses lie in it (RFC 4291, 2.4). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')
/** Answers with the secrets of a virtual machine of Azure, on an address that is public by its form. */
const publicMetadata = ipaddr.IPv4.parse('168.63.129.16')

/** Of `outgoing.allowPrivate`: host names, addresses and networks in CIDR notation. Throws CONFIG_INVALID. */
export function parseAllowList(entries: readonly string[]): AllowList {
  const names = entries.filter((entry) => !entry.includes('/') && !ipaddr.isValid(entry))
  return {
    hosts: new Set(names.map((name) => name.toLowerCase())),
    networks: entries.filter((entry) => !names.includes(entry)).map(networkOf),
  }
}

function networkOf(entry: string): Network {
  if (ipaddr.isValidCIDR(entry)) {
    const [address, bits] = ipaddr.parseCIDR(entry)
    return [address, bits]
  }
  if (!entry.includes('/')) {
    const address = ipaddr.process(entry)
    return [address, address.kind() === 'ipv4' ? 32 : 128]
  }
  const problem = `${entry} is no network; expected such as 10.1.0.0/16 or fd00::/8`
  throw new ForewarnError('CONFIG_INVALID', {
    path: 'outgoing.allowPrivate',
    problem,
    source: 'forewarn.yaml',
  })
}

/**
 * Why nothing may be sent to an address; undefined where it may. Only public unicast addresses may be: a receiver is
 * told by whoever may use the API, and must not become a way into the network behind this machine. An IPv4 address
 * inside an IPv6 one (::ffff:0:0/96, RFC 4291 2.5.5.2) counts as what it is; other embeddings are refused whole.
 */
export function refusalOf(text: string, { networks }: Pick<AllowList, 'networks'>): string | undefined {
  if (!ipaddr.isValid(text)) return `${text} is no IP address`
  const address = ipaddr.process(text)
  if (networks.some((network) => lies(address, network))) return undefined
  const range = address.range()
  if (range !== 'unicast') return `${text} is ${wordsOf(range)}`
  if (address.kind() === 'ipv4') {
    return address.toString() === publicMetadata.toString() ? `${text} is a metadata service` : undefined
  }
  return lies(address, globalUnicast) ? undefined : `${text} is no public address`
}

const lies = (address: Address, [network, bits]: Network): boolean =>
  address.kind() === network.kind() && address.match(network as never, bits)

/** linkLocal: `a link-local address`. */
const wordsOf = (range: string): string =>
  `not public (${range.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)})`
