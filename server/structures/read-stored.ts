import { type FieldType, isJson, readValue, type Value } from '#schema'

/** A list, shape, dict or binary value as `jsonb_populate_record` reads it, every part of it in its one form; or what is wrong with it. */
export function readStored(type: FieldType, given: unknown): Value {
  if (given === null) return { ok: true, value: null }
  const read = readValue(type, plainForm(type, given))
  if (!read.ok || isJson(type)) return read
  if (type.kind === 'base64') return { ok: true, value: base64ToBytea(read.value as string) }
  const isBinary = type.kind === 'list' && type.of.kind === 'base64'
  return isBinary ? { ok: true, value: (read.value as readonly string[]).map(base64ToBytea) } : read
}

/** Where a value stands, `address.street`. Keys of dicts are anybody's words: not more of them than a message has room for. */
export function shownPath(path: readonly (string | number)[]): string {
  const text = path.join('.')
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`
}

/** `aGk=` → `\\x6869` */
export function base64ToBytea(text: string): string {
  return `\\x${Buffer.from(text, 'base64').toString('hex')}`
}

/** GraphQL takes numbers and instants in more forms than one; the language has one. */
function plainForm(type: FieldType, given: unknown): unknown {
  switch (type.kind) {
    case 'decimal':
    case 'money':
    case 'int64':
      return typeof given === 'string' ? plainDigits(given) : given
    case 'datetime':
      return typeof given === 'string' ? plainInstant(given) : given
    case 'list':
      return Array.isArray(given) ? given.map((each) => plainForm(type.of, each)) : given
    case 'shape': {
      const types = new Map(type.parts.map((part) => [part.name, part.type]))
      return mapped(given, (key) => types.get(key))
    }
    case 'dict':
      return mapped(given, () => type.values ?? undefined)
    default:
      return given
  }
}

function mapped(given: unknown, typeOf: (key: string) => FieldType | undefined): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given
  return Object.fromEntries(
    Object.entries(given).map(([key, value]: [string, unknown]) => {
      const type = typeOf(key)
      return [key, type === undefined ? value : plainForm(type, value)]
    }),
  )
}

/** `+1.5e2` → `150`; anything else comes back as it is, for the reader to refuse. */
function plainDigits(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text) ?? []
  if (sign === undefined || whole + fraction === '') return text
  const shift = Number(exponent)
  const digits = shift < 0 ? whole.padStart(whole.length - shift, '0') + fraction : whole + fraction.padEnd(shift, '0')
  const point = shift < 0 ? whole.length : whole.length + shift
  const behind = digits.slice(point)
  return `${sign === '-' ? '-' : ''}${digits.slice(0, point) || '0'}${behind === '' ? '' : `.${behind}`}`
}

/** `2026-11-20 08:30+01` → `2026-11-20T08:30+01:00`; without an offset it is UTC, without a time the day's first instant. */
function plainInstant(text: string): string {
  const [, day, time = '00:00', hours, minutes = '00'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ]([\d:.]+)(?:Z|([+-]\d\d)(?::?(\d\d))?)?)?$/i.exec(text) ?? []
  if (day === undefined) return text
  return `${day}T${time}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`
}
