import { listOfCodec, type PgCodec, TYPES } from '@dataplan/pg'
import type { FieldType } from '#schema'
import { base64ToBytea } from '../structures/read-stored.ts'

type Structure = Extract<FieldType, { kind: 'list' | 'shape' | 'dict' | 'base64' }>

/** A native array: what the elements are is what the codec of the element says. */
export function listCodec(of: PgCodec): PgCodec {
  // Elements are never null. The name tells it from the lists that the filter makes for itself.
  return listOfCodec(of as never, {
    name: `list-of-${of.name}`,
    extensions: { listItemNonNull: true } as never,
  }) as unknown as PgCodec
}

/** jsonb whose GraphQL type {@link StructuresPlugin} makes from the model; one codec for each form. */
export function structureCodec(name: string, type: Structure): PgCodec {
  // So that filters compare a dict as the JSON that it is.
  const filtered =
    type.kind === 'dict' || (type.kind === 'list' && type.of.kind === 'dict') ? { domainOfCodec: TYPES.jsonb } : {}
  return { ...TYPES.jsonb, name, ...filtered, extensions: { rowhouseStructure: type } } as unknown as PgCodec
}

/** `bytea` in Postgres, canonical base64 in GraphQL. */
export const base64Codec: PgCodec = {
  ...TYPES.bytea,
  name: 'base64',
  isBinary: true,
  fromPg: (hex: string) => Buffer.from(hex.slice(2), 'hex').toString('base64'),
  toPg: (text: unknown) => base64ToBytea(String(text)),
} as unknown as PgCodec

/** The structured type behind a codec made here, or null. */
export function structureOf(codec: PgCodec | undefined): Structure | null {
  const extensions = codec?.extensions as { readonly rowhouseStructure?: Structure } | undefined
  return extensions?.rowhouseStructure ?? null
}
