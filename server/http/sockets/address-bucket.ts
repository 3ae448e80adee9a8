import { isIPv6 } from 'node:net'

/**
 * What addresses are counted by: those of IPv4 as they are, those of IPv6 by their network of 64 bits, for whoever has one of them has all.
 *
 * @param address null: not known, and counted with all others of which nothing is known
 */
export function addressBucket(address: string | null): string {
  if (address === null || !isIPv6(address)) return address ?? ''
  const [head, tail] = address.toLowerCase().split('::', 2).map(groupsOf)
  const before = head ?? []
  const zeros = tail === undefined ? 0 : 8 - before.length - tail.length
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...(tail ?? [])]
  return groups.slice(0, 4).join(':')
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':').map((group) => group.replace(/^0+(?=.)/, ''))
}
