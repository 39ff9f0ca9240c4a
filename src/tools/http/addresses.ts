/**
 * Addresses that only a network's own machines can reach. A registry of the internet may not send a runner there: its name
 * may come from a pull request.
 */
import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { isThisMachine } from './trust'

const internal = new BlockList()
const NETWORKS: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
]
for (const [network, prefix, family] of NETWORKS) internal.addSubnet(network, prefix, family)

/** IPv4 inside of IPv6: mapped, and by NAT64. */
const EMBEDDED = /^(?:::ffff:|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/i
const EMBEDDED_HEX = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i

/** True for a private, link-local or loopback address, in figures. */
export function isInternalAddress(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const embedded = EMBEDDED.exec(plain)?.[1] ?? fromHex(plain)
  if (embedded !== undefined) return isInternalAddress(embedded)
  const family = isIP(plain)
  return family !== 0 && internal.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}

function fromHex(address: string): string | undefined {
  const [, high, low] = EMBEDDED_HEX.exec(address) ?? []
  if (high === undefined || low === undefined) return undefined
  const bytes = [high, low].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255])
  return bytes.join('.')
}

/** True for a host that is internal by its very name, before any name service is asked. */
export function isInternalName(hostname: string): boolean {
  return isThisMachine(hostname) || hostname.endsWith('.localhost') || isInternalAddress(hostname)
}

/** A server of the internet leads to an address that is not of the internet. */
export class InternalAddress extends Error {
  constructor(host: string) {
    super(`${host} is an address of an internal network`)
  }
}

/** Looks names up as Node does, and refuses those that have an internal address. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  const all: LookupAllOptions = { ...options, all: true } as LookupAllOptions
  lookup(hostname, all, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '')
    if (addresses.some(({ address }) => isInternalAddress(address))) return callback(new InternalAddress(hostname), '')
    const [first] = addresses
    if (options.all === true) return callback(null, addresses)
    callback(null, first?.address ?? '', first?.family ?? 4)
  })
}
