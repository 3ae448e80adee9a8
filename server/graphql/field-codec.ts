import { enumCodec, type PgCodec, TYPES } from '@dataplan/pg'
import { sql } from 'pg-sql2'
import { Bug, canonicalHash } from '#base'
import { type FieldType, type HeldColumn, isNativeList } from '#schema'
import { heldCodec } from './held-codec.ts'
import { periodCodec } from './period-codec.ts'
import { base64Codec, listCodec, structureCodec } from './structure-codec.ts'

/** How values of a field travel between Postgres and GraphQL. */
export type FieldCodec = PgCodec

/** Codecs of one schema: those made for choices and minor-unit money exist once for each name. */
export class FieldCodecs {
  readonly #made = new Map<string, FieldCodec>()

  /** The codec of a column that a field or relation is kept in. */
  held({ type, columnType }: Pick<HeldColumn, 'type' | 'columnType'>): FieldCodec {
    const codec = columnType === null ? null : heldCodec(columnType)
    return codec === null ? this.of(type) : this.#once(codec.name, () => codec)
  }

  /** The codec of a field type; the same object for the same type. */
  of(type: FieldType): FieldCodec {
    switch (type.kind) {
      case 'text':
      // Of a secret this is what callers write; nothing reads it.
      case 'secret':
        return TYPES.text
      case 'choice':
        return this.#once(type.enum, () => choiceCodec(type))
      case 'int':
      case 'duration':
        return TYPES.int
      case 'int64':
        return TYPES.bigint
      case 'float':
        return TYPES.float
      case 'decimal':
        return TYPES.numeric
      case 'money':
        return type.minor ? this.#once(`money-minor-${type.scale}`, () => minorCodec(type.scale)) : TYPES.numeric
      case 'boolean':
        return TYPES.boolean
      case 'datetime':
        return TYPES.timestamptz
      case 'date':
        return TYPES.date
      case 'time':
        return TYPES.time
      case 'uuid':
        return TYPES.uuid
      case 'list':
        if (!isNativeList(type)) return this.#structure(type, type.of)
        return this.#once(`list-of-${this.of(type.of).name}`, () => listCodec(this.of(type.of)))
      case 'shape':
        return this.#structure(type, ...type.parts.map((part) => part.type))
      case 'dict':
        return this.#structure(type, ...(type.values === null ? [] : [type.values]))
      case 'base64':
        return this.#once('base64', () => base64Codec)
      case 'period':
        return this.#once(`${type.of}-period`, () => periodCodec(type.of))
      case 'embed':
        throw new Bug('A value object has no column of its own.')
    }
  }

  /** Every codec made so far. */
  get all(): readonly FieldCodec[] {
    return [...this.#made.values()]
  }

  /** The types inside have codecs too, so that the schema knows their GraphQL types. */
  #structure(
    type: Extract<FieldType, { kind: 'list' | 'shape' | 'dict' }>,
    ...inner: readonly FieldType[]
  ): FieldCodec {
    for (const each of inner) {
      const codec = this.of(each)
      this.#once(codec.name, () => codec)
    }
    const name = `structure-${canonicalHash(type).slice(0, 12)}`
    return this.#once(name, () => structureCodec(name, type))
  }

  #once(name: string, make: () => FieldCodec): FieldCodec {
    const known = this.#made.get(name)
    if (known !== undefined) return known
    const codec = make()
    this.#made.set(name, codec)
    return codec
  }
}

/** True for the codec of money kept as a whole number of the smallest unit. */
export function isMinorCodec(codec: FieldCodec): boolean {
  return codec.name.startsWith('money-minor-')
}

/** How many digits the smallest unit of such money has behind the point. */
export function minorScale(codec: FieldCodec): number {
  return Number(codec.name.slice('money-minor-'.length))
}

/** Text with a check in Postgres, an enum in GraphQL. */
function choiceCodec(type: Extract<FieldType, { kind: 'choice' }>): FieldCodec {
  const values = type.values.map((value) => ({ value: value.value, description: description(value.label, value.note) }))
  const extensions = { rowhouseChoice: type } as never
  const codec = enumCodec({ name: type.enum, identifier: sql`text`, values: values as never[], extensions })
  // It is text in Postgres, so it has an order.
  return { ...codec, isEnum: false, hasNaturalOrdering: true } as unknown as FieldCodec
}

function description(label: string | null, note: string | null): string | undefined {
  const parts = [label, note].filter((part) => part !== null)
  return parts.length === 0 ? undefined : parts.join('\n\n')
}

/** `bigint` in Postgres, a decimal text in GraphQL: 1250 ↔ "12.50". Text all the way, never a float. */
function minorCodec(scale: number): FieldCodec {
  return {
    ...TYPES.bigint,
    name: `money-minor-${scale}`,
    // So that filters compare it as the number that it is.
    domainOfCodec: TYPES.bigint,
    fromPg: (units: string) => minorToDecimal(units, scale),
    toPg: (decimal: unknown) => decimalToMinor(String(decimal), scale),
  } as FieldCodec
}

/** `1250` with 2 digits → `12.50`. */
function minorToDecimal(units: string, scale: number): string {
  const negative = units.startsWith('-')
  const digits = (negative ? units.slice(1) : units).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  return `${negative ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`
}

/** `12.5` with 2 digits → `1250`. What is no decimal, or finer than the unit, is passed on for Postgres to refuse. */
export function decimalToMinor(decimal: string, scale: number): string {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(decimal.trim())
  if (match === null) return decimal
  const [, sign, whole, fraction = ''] = match
  if (whole === undefined) throw new Bug('A decimal has a whole part.')
  const trimmed = fraction.replace(/0+$/, '')
  if (trimmed.length > scale) return decimal
  return `${sign === '-' ? '-' : ''}${whole}${trimmed.padEnd(scale, '0')}`.replace(/^(-?)0+(?=\d)/, '$1')
}
