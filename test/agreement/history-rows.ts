import type { Row } from '#policies'
import { changedBy, changedRow, columnFields, type Entity, type Model, toOnesOf } from '#schema'
import { idOf } from './ids.ts'
import type { Random } from './random.ts'
import { valueFrom, withWholes } from './values.ts'

/** Changes of the rows of an entity: each row as it is and as it was, with other values then. */
export function historyRows(
  random: Random,
  history: Entity,
  model: Model,
  rows: Readonly<Record<string, readonly Row[]>>,
): readonly Row[] {
  const entity = model.entities.find(({ name }) => name === history.historyOf)!
  const link = changedRow(history)!
  const people = rows[model.actor!.entity]!
  const all = rows[entity.name]!.flatMap((row) =>
    random.times(random.below(3), (at): Row => {
      const was = at === 0 ? formerValues(random, entity, row, rows) : {}
      const kept = [...columnFields(history), ...toOnesOf(history)].map(({ name }) => name)
      const values = kept.filter((name) => name in row && name !== 'id').map((name) => [name, row[name]!])
      return {
        ...(row.$tenant === undefined ? {} : { $tenant: row.$tenant }),
        ...Object.fromEntries(values),
        ...withWholes(entity, { ...row, ...was, id: undefined! }),
        [link.name]: row[entity.key[0]!]!,
        revision: at + 1,
        change: at === 0 ? 'create' : 'update',
        changedAt: '2026-01-10T00:00:00.000Z',
        changed: [],
        [changedBy]: random.chance(50) ? random.pick(people).id! : null,
        deletedAt: null,
      }
    }),
  )
  return all.map((row, at) => ({ ...row, id: idOf(history.name, at) }))
}

function formerValues(random: Random, entity: Entity, row: Row, rows: Readonly<Record<string, readonly Row[]>>): Row {
  const fields = random.some(
    columnFields(entity).filter(({ builtIn }) => !builtIn),
    0,
    40,
  )
  const ones = random.some(toOnesOf(entity), 0, 40)
  return {
    ...Object.fromEntries(fields.map((field) => [field.name, valueFrom(random, field)])),
    ...Object.fromEntries(ones.map(({ name, to }) => [name, random.pick(rows[to]!).id!])),
    ...(row.$tenant === undefined ? {} : { $tenant: row.$tenant }),
  }
}
