/** An exact number in its one normal form: no leading or trailing zeros, no negative zero. */
export interface ExactNumber {
  /** `-12.5` */
  readonly text: string
  /** Digits before the point; 0 for `0.5`. */
  readonly whole: number
  /** Digits behind the point. */
  readonly scale: number
}

/** Reads decimal digits such as `-012.50`, or null when the text is something else. */
export function readDecimal(text: string): ExactNumber | null {
  const match = /^(-?)([0-9]{1,1000})(?:\.([0-9]{1,1000}))?$/.exec(text)
  if (match === null) return null
  const [, sign = '', digits = '', behind = ''] = match
  const whole = digits.replace(/^0+/, '')
  const fraction = behind.replace(/0+$/, '')
  const size = `${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`
  return { text: size === '0' ? '0' : sign + size, whole: whole.length, scale: fraction.length }
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`; both are decimal digits. */
export function compareDecimals(a: string, b: string): number {
  const scale = Math.max(behindPoint(a), behindPoint(b))
  const difference = scaled(a, scale) - scaled(b, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function behindPoint(text: string): number {
  return text.split('.')[1]?.length ?? 0
}

function scaled(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(scale, '0'))
}
