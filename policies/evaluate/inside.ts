/** Whether an address lies in a network in CIDR notation; an address of the other family does not. A network without length is one address. */
export function isInside(address: string, network: string): boolean {
  const [base = '', length] = network.split('/')
  const [mine, theirs] = [bitsOf(address.split('/')[0]!), bitsOf(base)]
  if (mine === null || theirs === null || mine.width !== theirs.width) return false
  const rest = BigInt(mine.width - (length === undefined ? mine.width : Number(length)))
  return mine.value >> rest === theirs.value >> rest
}

interface Bits {
  readonly value: bigint
  readonly width: 32 | 128
}

function bitsOf(address: string): Bits | null {
  if (!address.includes(':')) {
    const parts = address.split('.').map(Number)
    const isAddress = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256)
    return isAddress ? { value: joined(parts, 8n), width: 32 } : null
  }
  const [head = '', tail] = withoutDots(address).split('::')
  const groups = (text: string): readonly number[] =>
    text === '' ? [] : text.split(':').map((each) => parseInt(each, 16))
  const [first, last] = [groups(head), groups(tail ?? '')]
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length
  const all = [...first, ...Array.from({ length: Math.max(zeros, 0) }, () => 0), ...last]
  return all.length === 8 && !all.some(Number.isNaN) ? { value: joined(all, 16n), width: 128 } : null
}

/** `::ffff:10.0.0.1` with its last four parts as two. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: readonly string[]) => {
    const [a, b, c, d] = parts.slice(0, 4).map(Number)
    return `${(a! * 256 + b!).toString(16)}:${(c! * 256 + d!).toString(16)}`
  })
}

function joined(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) | BigInt(part), 0n)
}
