import { BlockList, isIP } from 'node:net'

/** Networks of proxies whose word about the address of a client counts. */
export type TrustedProxies = BlockList

/**
 * Reads networks in CIDR notation, or single addresses.
 *
 * @returns null when one is neither
 */
export function trustedProxies(networks: readonly string[]): TrustedProxies | null {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits, ...more] = network.split('/')
    const version = isIP(address)
    const most = version === 4 ? 32 : 128
    const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
    if (version === 0 || more.length > 0 || !(length >= 0 && length <= most)) return null
    list.addSubnet(address, length, familyOf(address))
  }
  return list
}

/**
 * Address of whoever asks, or null where it is not known. What a request says of itself counts only as far as proxies that are trusted
 * have put it there: from the right, each address was told by the one behind it.
 *
 * @param peer address of the connection
 * @param forwarded `X-Forwarded-For`
 */
export function clientAddress(
  peer: string | undefined,
  forwarded: string | readonly string[] | undefined,
  trusted: TrustedProxies | null,
): string | null {
  let address = plainAddress(peer ?? '')
  if (trusted === null) return address
  const told = [forwarded ?? []].flat().join(',')
  const hops = told === '' ? [] : told.split(',').reverse()
  for (const hop of hops) {
    if (address === null || !trusted.check(address, familyOf(address))) return address
    address = plainAddress(hop.trim())
  }
  return address
}

/** Without zone, and of IPv4 as such; null for what is no address. */
function plainAddress(text: string): string | null {
  const [address = ''] = text.split('%', 1)
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1] ?? address
  return isIP(mapped) === 0 ? null : mapped
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}
