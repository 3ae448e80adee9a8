import type { FieldType } from '#schema'

/** The value of a claim as the text of its setting, or null when it is not of the claim's type. */
export function claimText(type: FieldType, value: unknown): string | null {
  switch (type.kind) {
    case 'text':
      // Half of a character would reach Postgres as another one.
      return typeof value === 'string' && !value.includes('\0') && value.isWellFormed() ? value : null
    case 'choice':
      return type.values.some((choice) => choice.value === value) ? String(value) : null
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : null
    case 'int':
    case 'duration':
      return isWhole(value) && inRange(value, -2_147_483_648, 2_147_483_647) ? String(value) : null
    case 'int64':
      return int64Text(value)
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) ? String(value) : null
    case 'decimal':
    case 'money':
      return decimalText(value)
    case 'date':
      return matching(value, /^\d{4}-\d{2}-\d{2}$/, (day) => isDate(day))
    case 'time':
      return matching(value, /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/)
    case 'datetime':
      return matching(value, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/, isDate)
    case 'uuid':
      return uuidText(value)
    // No claim is declared with these.
    case 'list':
    case 'shape':
    case 'dict':
    case 'base64':
    case 'embed':
    case 'period':
    case 'secret':
      return null
  }
}

/** A uuid in lower case, or null. */
export function uuidText(value: unknown): string | null {
  const text = matching(value, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i)
  return text === null ? null : text.toLowerCase()
}

function int64Text(value: unknown): string | null {
  if (isWhole(value)) return String(value)
  const text = matching(value, /^-?\d{1,19}$/)
  return text !== null && BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? text : null
}

function decimalText(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? matching(String(value), /^-?\d+(\.\d+)?$/) : null
  return matching(value, /^-?\d{1,100}(\.\d{1,100})?$/)
}

function matching(value: unknown, pattern: RegExp, also: (text: string) => boolean = () => true): string | null {
  return typeof value === 'string' && pattern.test(value) && also(value) ? value : null
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function inRange(value: number, least: number, most: number): boolean {
  return value >= least && value <= most
}

function isDate(text: string): boolean {
  return !Number.isNaN(Date.parse(text))
}
