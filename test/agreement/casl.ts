import { type Answer, abilities } from 'rowhouse/client'
import { abilitiesFor, type Caller, digits, exact, modelShape, type Row, type World } from '#policies'
import { columnBehind, columnFields, type Entity, type FieldType, toOnesOf } from '#schema'

/** A browser that was given a caller's abilities. */
export interface Browser {
  readonly can: (verb: string, entity: Entity, row: Row) => Answer
  /** Whether it says that the caller sees the field of a row that it may read. */
  readonly shows: (name: string, entity: Entity, row: Row) => Answer
}

/** What a browser says that was given a caller's abilities, through JSON, as a request gives them. */
export function browserOf(caller: Caller, world: World): Browser {
  const { index, now } = world
  const packed = abilitiesFor(caller, { index, shape: modelShape, now })
  const known = abilities(JSON.parse(JSON.stringify(packed)), { now: () => 0 })
  return {
    can: (verb, entity, row) => known.can(verb, entity.name, answered(row, entity, world)),
    shows: (name, entity, row) => {
      const fields = known.fieldsOf('read', entity.name, answered(row, entity, world))
      if (fields === 'ask') return 'ask'
      return 'only' in fields ? fields.only.includes(name) : !fields.except.includes(name)
    },
  }
}

/** A row as the API answers it: every field is there, and exact numbers are written with all of their digits. */
export function answered(row: Row, entity: Entity, { index }: World): Row {
  const parts = [...columnFields(entity), ...toOnesOf(entity)]
  const values = parts.map(({ name }) => {
    const type = columnBehind(entity, name, index.entities)?.type
    const value = row[name] ?? null
    return [name, value === null || type === undefined ? null : writtenAs(type, value)] as const
  })
  return Object.fromEntries(values)
}

function writtenAs(type: FieldType, value: NonNullable<Row[string]>): Row[string] {
  if (type.kind === 'int64') return digits(exact(String(value as string | number)))
  if (type.kind !== 'decimal' && type.kind !== 'money') return value
  const [whole, fraction = ''] = digits(exact(String(value as string | number))).split('.')
  return type.scale === 0 ? whole! : `${whole}.${fraction.padEnd(type.scale, '0')}`
}
