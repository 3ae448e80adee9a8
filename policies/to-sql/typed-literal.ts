import { Bug, type Sql, sql, unreachable } from '#base'
import type { FieldType, HeldColumn } from '#schema'
import { operandType } from './postgres-type.ts'

/**
 * A value of a rule or a default as a literal of the column's type. Money is given in whole units, also where the column
 * holds the smallest one.
 */
export function typedLiteral(value: string | number | boolean, type: FieldType): Sql {
  return heldLiteral(value, { type, columnType: null })
}

/** The same for a column that has a type of its own. */
export function heldLiteral(value: string | number | boolean, held: Pick<HeldColumn, 'type' | 'columnType'>): Sql {
  const { type } = held
  switch (type.kind) {
    case 'text':
    case 'choice':
      return cast(String(value), operandType(held))
    case 'boolean':
      return sql.literal(value === true || value === 'true')
    case 'int':
    case 'duration':
      return sql.literal(wholeNumber(value))
    case 'money':
      return type.minor ? minorLiteral(String(value), type.scale) : cast(String(value), 'numeric')
    case 'int64':
    case 'float':
    case 'decimal':
    case 'datetime':
    case 'date':
    case 'time':
    case 'uuid':
    case 'period':
    case 'embed':
      return cast(String(value), operandType(held))
    case 'base64':
      return cast(`\\x${Buffer.from(String(value), 'base64').toString('hex')}`, 'bytea')
    case 'list':
    case 'shape':
    case 'dict':
    case 'secret':
      throw new Bug(`A value of kind "${type.kind}" is no scalar.`)
    default:
      return unreachable(type)
  }
}

/** `12.5` in cents is `1250`. What is finer than the smallest unit stays a fraction, so that comparisons remain exact. */
function minorUnits(amount: string, scale: number): string {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(amount)
  if (match === null) throw new Bug(`Not an amount of money: ${JSON.stringify(amount)}.`)
  const [, sign = '', whole = '', fraction = ''] = match
  const digits = fraction.padEnd(scale, '0')
  const rest = digits.slice(scale).replace(/0+$/, '')
  const units = `${whole}${digits.slice(0, scale)}`.replace(/^0+(?=\d)/, '')
  return `${sign === '-' ? '-' : ''}${units}${rest === '' ? '' : `.${rest}`}`
}

function minorLiteral(amount: string, scale: number): Sql {
  const units = minorUnits(amount, scale)
  return cast(units, units.includes('.') ? 'numeric' : 'bigint')
}

function wholeNumber(value: string | number | boolean): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new Bug(`Not a whole number: ${JSON.stringify(value)}.`)
  return number
}

function cast(value: string, type: string): Sql {
  return sql`${sql.literal(value)}::${sql.raw(type)}`
}
