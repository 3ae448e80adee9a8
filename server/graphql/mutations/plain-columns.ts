import type { Entity, EntityMap, FieldType } from '#schema'
import { writableFields } from '../writable-fields.ts'

/** Kinds whose columns read a text as `jsonb_populate_record` reads the same text in JSON. */
const plainKinds: ReadonlySet<FieldType['kind']> = new Set([
  ...(['text', 'choice', 'uuid', 'int', 'int64', 'float', 'decimal', 'money', 'boolean'] as const),
  ...(['datetime', 'date', 'time', 'duration'] as const),
])

const found = new WeakMap<Entity, ReadonlySet<string>>()

/** Columns of an entity that take texts as they are; not those of tables that were there before, of types of their own. */
export function plainColumns(entity: Entity, entities: EntityMap): ReadonlySet<string> {
  const known = found.get(entity)
  if (known !== undefined) return known
  const fields = writableFields(entity, entities)
  const plain = fields.filter(({ type, columnType }) => columnType === null && plainKinds.has(type.kind))
  const columns = new Set(plain.map(({ column }) => column))
  found.set(entity, columns)
  return columns
}

/** Values as texts; null where one of them is none, or none that Postgres reads as JSON reads it. */
export function plainTexts(values: readonly unknown[]): readonly (string | null)[] | null {
  const texts: (string | null)[] = []
  for (const value of values) {
    if (value === null) texts.push(null)
    else if (typeof value === 'number' || typeof value === 'boolean') texts.push(JSON.stringify(value))
    else if (typeof value === 'string' && value.isWellFormed()) texts.push(value)
    else return null
  }
  return texts
}
