import { columnField } from './column-fields.ts'
import type { Entity, FieldType, ToOne } from './model.ts'
import { storedColumn } from './stored.ts'
import { toOnesOf } from './to-ones.ts'

/** A column that holds a value: a field's, or a to-one's. */
export interface HeldColumn {
  /** Name of the field or to-one relation. */
  readonly name: string
  readonly column: string
  readonly type: FieldType
  /** Type of the column where it is not the one that the type means, as `Field.columnType`. */
  readonly columnType: string | null
}

/** Entities at hand by name. */
export type EntityMap = ReadonlyMap<string, Entity>

/** Columns that identify a row of the entity, in the order of its key, without the tenant's. */
export function keyColumnsOf(entity: Entity, entities: EntityMap): readonly HeldColumn[] {
  return entity.key.flatMap((name) => heldColumn(entity, name, entities, new Set()) ?? [])
}

/** The column behind a field, a built-in field, a to-one relation or a stored formula; null when there is none. */
export function columnBehind(entity: Entity, name: string, entities: EntityMap): HeldColumn | null {
  return heldColumn(entity, name, entities, new Set())
}

/** Column of a to-one relation: it holds the key of its target. */
export function linkColumnOf(relation: ToOne, entities: EntityMap): HeldColumn {
  return held(relation, entities, new Set())
}

/** True when the key is the `id` that Rowhouse makes. */
export function hasId(entity: Pick<Entity, 'key'>): boolean {
  return entity.key.length === 1 && entity.key[0] === 'id'
}

function heldColumn(entity: Entity, name: string, entities: EntityMap, seen: Set<ToOne>): HeldColumn | null {
  const field = columnField(entity, name)
  if (field !== undefined) return { name, column: field.column, type: field.type, columnType: field.columnType }
  const relation = toOnesOf(entity).find((each) => each.name === name)
  if (relation !== undefined) return held(relation, entities, seen)
  const kept = entity.computed.find((each) => each.name === name && each.stored)
  return kept === undefined ? null : { name, column: storedColumn(kept), type: kept.type, columnType: null }
}

/** Keys that go round in circles, or that have several columns, are reported by their own checks; here they count as uuids. */
function held(relation: ToOne, entities: EntityMap, seen: Set<ToOne>): HeldColumn {
  const target = entities.get(relation.to)
  const [key] = target?.key ?? []
  const known =
    target === undefined || key === undefined || seen.has(relation)
      ? null
      : heldColumn(target, key, entities, new Set([...seen, relation]))
  const { type, columnType } = known ?? { type: { kind: 'uuid' } as const, columnType: null }
  return { name: relation.name, column: relation.column, type, columnType }
}
