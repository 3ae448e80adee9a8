import { textOf } from './text-of.ts'

/** An exact number: `n` with the point `scale` digits from the right. */
export interface Exact {
  readonly n: bigint
  readonly scale: number
}

/** Decimal digits, also with an exponent, or a number of JavaScript as an exact number. */
export function exact(given: string | number): Exact {
  const [mantissa = '0', exponent = '0'] = textOf(given).toLowerCase().split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  const scale = fraction.length - Number(exponent)
  const n = BigInt(whole + fraction)
  return scale < 0 ? { n: n * 10n ** BigInt(-scale), scale: 0 } : { n, scale }
}

/** The sum. */
export function add(a: Exact, b: Exact): Exact {
  const scale = Math.max(a.scale, b.scale)
  return { n: at(a, scale) + at(b, scale), scale }
}

/** The first without the second. */
export function subtract(a: Exact, b: Exact): Exact {
  return add(a, { n: -b.n, scale: b.scale })
}

/** The product. */
export function multiply(a: Exact, b: Exact): Exact {
  return { n: a.n * b.n, scale: a.scale + b.scale }
}

/** The quotient with so many digits behind the point, half away from zero; null by zero. */
export function divide(a: Exact, b: Exact, places: number): Exact | null {
  if (b.n === 0n) return null
  const top = a.n * 10n ** BigInt(places + b.scale)
  return { n: halfAway(top, b.n * 10n ** BigInt(a.scale)), scale: places }
}

/** With at most so many digits behind the point, half away from zero. */
export function rounded(a: Exact, places: number): Exact {
  return a.scale <= places ? a : { n: halfAway(a.n, 10n ** BigInt(a.scale - places)), scale: places }
}

/** Negative, zero or positive. */
export function compareExact(a: Exact, b: Exact): number {
  const { n } = subtract(a, b)
  return n < 0n ? -1 : n > 0n ? 1 : 0
}

/** Without zeros at the end. */
export function digits({ n, scale }: Exact): string {
  const size = (n < 0n ? -n : n).toString().padStart(scale + 1, '0')
  const whole = size.slice(0, size.length - scale)
  const fraction = size.slice(size.length - scale).replace(/0+$/, '')
  return `${n < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

function at({ n, scale }: Exact, wanted: number): bigint {
  return n * 10n ** BigInt(wanted - scale)
}

function halfAway(top: bigint, bottom: bigint): bigint {
  const isNegative = top < 0n !== bottom < 0n
  const [a, b] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom]
  const size = (a * 2n + b) / (b * 2n)
  return isNegative ? -size : size
}
