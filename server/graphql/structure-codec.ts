import { listOfCodec, type PgCodec, TYPES } from '@dataplan/pg'
import { columnFields, type Entity, type FieldType } from '#schema'
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

type Shape = Extract<FieldType, { kind: 'shape' }>

const shapesOfInput = new WeakMap<object, ReadonlyMap<string, Shape>>()

/** Every shape that the fields of a build's entities hold, those inside of others too, by name. */
export function shapesOfBuild(
  { input }: { readonly input: object },
  entities: readonly { readonly entity: Entity }[],
): ReadonlyMap<string, Shape> {
  const known = shapesOfInput.get(input)
  if (known !== undefined) return known
  const shapes = new Map<string, Shape>()
  const visit = (type: FieldType): void => {
    if (type.kind === 'list') visit(type.of)
    else if (type.kind === 'dict' && type.values !== null) visit(type.values)
    else if (type.kind === 'shape' && !shapes.has(type.name)) {
      shapes.set(type.name, type)
      for (const part of type.parts) visit(part.type)
    }
  }
  for (const { entity } of entities) for (const { type } of columnFields(entity)) visit(type)
  shapesOfInput.set(input, shapes)
  return shapes
}
