import { lowerFirst, snakeCase } from '#base'
import { type Entity, type EntityMap, keyColumnsOf, toOnesOf } from '#schema'
import { type WritableField, writableFields } from './writable-fields.ts'

/** Values by which a row is found, or else made: those of a unique rule, or a key that callers write. */
export interface UpsertWay {
  /** `NUMBER`, `CUSTOMER_AND_CODE` */
  readonly name: string
  /** What the input says of it. */
  readonly fields: readonly WritableField[]
  /** Null is a value: two rows without one are alike. */
  readonly nullsEqual: boolean
}

/** None where rows have nothing unique that callers write. Rules that hold for some rows alone are left out: the input does not tell which rows those are. */
export function upsertWays(entity: Entity, entities: EntityMap): readonly UpsertWay[] {
  const fields = new Map(writableFields(entity, entities).map((field) => [field.column, field]))
  const links = new Map(toOnesOf(entity).map(({ name, column }) => [name, column]))
  const columnOf = (name: string) => entity.fields.find((field) => field.name === name)?.column ?? links.get(name)
  const key = { on: entity.key, columns: keyColumnsOf(entity, entities).map(({ column }) => column), nullsEqual: false }
  const rules = entity.unique
    .filter(({ where }) => where === null)
    .map(({ on, nulls }) => ({ on, columns: on.map(columnOf), nullsEqual: nulls === 'equal' }))
  const ways = [key, ...rules].flatMap(({ on, columns, nullsEqual }) => {
    const written = columns.flatMap((column) => fields.get(column ?? '') ?? [])
    if (written.length < columns.length || written.some(({ type }) => !isSought(type.kind))) return []
    return [
      { name: on.map((name) => snakeCase(lowerFirst(name)).toUpperCase()).join('_AND_'), fields: written, nullsEqual },
    ]
  })
  return [...new Map(ways.map((way) => [way.name, way])).values()]
}

/** Columns of one value, which equality compares. */
function isSought(kind: WritableField['type']['kind']): boolean {
  return !['embed', 'secret', 'list', 'shape', 'dict', 'period', 'binary'].includes(kind)
}

/** `OrderUnique`, the enum of an entity's ways. */
export function upsertWaysName(entity: Entity): string {
  return `${entity.name}Unique`
}
