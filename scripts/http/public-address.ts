import { BlockList, isIP, isIPv4 } from 'node:net'

/**
 * True for an address that anybody in the internet has: neither of this machine, nor of networks around it, nor one at which clouds tell of themselves.
 * Registries: IANA's special-purpose addresses of IPv4 (RFC 6890) and IPv6.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false
  return isIPv4(address) ? !special.check(address) : global.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

const special = new BlockList()
for (const [net, prefix] of [
  ...[['0.0.0.0', 8] as const, ['10.0.0.0', 8] as const, ['100.64.0.0', 10] as const, ['127.0.0.0', 8] as const],
  // 169.254.169.254 is where clouds tell credentials; 168.63.129.16 is Azure's.
  ...[['169.254.0.0', 16] as const, ['168.63.129.16', 32] as const, ['172.16.0.0', 12] as const],
  ...[['192.0.0.0', 24] as const, ['192.0.2.0', 24] as const, ['192.88.99.0', 24] as const],
  ...[['192.168.0.0', 16] as const, ['198.18.0.0', 15] as const, ['198.51.100.0', 24] as const],
  ...[['203.0.113.0', 24] as const, ['224.0.0.0', 4] as const, ['240.0.0.0', 4] as const],
] as const)
  special.addSubnet(net, prefix, 'ipv4')

/** What is given out of IPv6. All else is of this machine or link, mapped from IPv4 or translated to it. */
const global = new BlockList()
global.addSubnet('2000::', 3, 'ipv6')
// Teredo and other protocols, examples, 6to4: addresses of IPv4 hide in the first and the last.
special.addSubnet('2001::', 23, 'ipv6')
special.addSubnet('2001:db8::', 32, 'ipv6')
special.addSubnet('2002::', 16, 'ipv6')
special.addSubnet('3fff::', 20, 'ipv6')
