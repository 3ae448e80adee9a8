import type { FieldType } from '#schema'
import { digits, exact } from '../evaluate/exact.ts'
import { isExact, type Value } from '../evaluate/value.ts'
import type { RowShape } from './row-shape.ts'

/** A value as rows hold it where it can be compared with `===`; `unequal`: no row holds it; null: rows may write it in several ways. */
export type Packed = { readonly is: string | number | boolean } | 'unequal' | null

/** What a value is in rows of an interface. */
export function packedValue(value: Value, type: FieldType, shape: RowShape): Packed {
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? { is: value } : null
    case 'int':
    case 'duration':
    case 'float':
      return numberOf(value)
    case 'int64':
      return fixed(value, 0)
    case 'decimal':
    case 'money':
      return fixed(value, type.scale)
    case 'uuid':
    case 'text':
      return typeof value === 'string' ? { is: value } : null
    case 'choice': {
      if (typeof value !== 'string') return null
      const name = type.values.some((each) => each.value === value) ? shape.choice(type, value) : null
      return name === null ? null : { is: name }
    }
    default:
      // Days and instants beyond four digits of a year, and moments in several notations, are not told by their text.
      return null
  }
}

/** True of numbers that rows hold as such, so that they have an order. */
export function isNumber({ kind }: FieldType): boolean {
  return kind === 'int' || kind === 'duration' || kind === 'float'
}

function numberOf(value: Value): Packed {
  if (!isExact(value)) return null
  const text = digits(value)
  const number = Number(text)
  return Number.isFinite(number) && digits(exact(number)) === text ? { is: number } : null
}

/** With all of its digits behind the point, as Postgres writes what a column of that scale holds. */
function fixed(value: Value, scale: number): Packed {
  if (!isExact(value)) return null
  const [whole = '0', fraction = ''] = digits(value).split('.')
  if (fraction.length > scale) return 'unequal'
  return { is: scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}` }
}
