import type { Field, FieldType } from '../model/model.ts'

/** Whether values of both types mean the same, digit by digit: amounts in cents and in euros do not, nor minutes and hours. */
export function isSame(one: FieldType, other: FieldType): boolean {
  const words = ['text', 'choice']
  if (words.includes(one.kind) && words.includes(other.kind)) return true
  if (one.kind === 'money' && other.kind === 'money')
    return (
      one.currency === other.currency &&
      one.in === other.in &&
      one.minor === other.minor &&
      (!one.minor || one.scale === other.scale)
    )
  if (one.kind === 'duration' && other.kind === 'duration') return one.in === other.in
  return one.kind === other.kind
}

/** What keeps two values from being compared, in words behind "they are". */
export function differenceOf(one: Pick<Field, 'name' | 'type'>, other: Pick<Field, 'type'>): string {
  const [left, right] = [one.type.kind, other.type.kind]
  if (left !== right) return `of kind "${left}" and "${right}"`
  return left === 'money' ? 'amounts of different currencies or units' : 'counted in different units'
}
