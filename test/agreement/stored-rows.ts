import { type CarriedColumn, carriedColumnsOf, indexModel, type Row } from '#policies'
import {
  columnFields,
  type Entity,
  hasTenant,
  isShared,
  type Model,
  ours,
  ownTenantColumn,
  targetTenantColumn,
  toOnesOf,
} from '#schema'
import { columnsOf } from './columns-of.ts'
import { isCounted, keyText } from './ids.ts'
import type { Move } from './rows.ts'

type Rows = Readonly<Record<string, readonly Row[]>>

/** Rows as tables hold them, with the columns that the database alone writes, before they were moved. */
export function storedRows(
  model: Model,
  rows: Rows,
  moves: readonly Move[],
): Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> {
  const before = Object.fromEntries(
    Object.entries(rows).map(([entity, all]) => [entity, all.map((row) => unmoved(entity, row, moves))]),
  )
  const index = indexModel(model)
  const stored = model.entities.map((entity) => {
    const carried = carriedColumnsOf(entity, index)
    const each = before[entity.name] ?? []
    return [entity.name, each.map((row) => storedRow(row, entity, { model, rows: before, carried }))]
  })
  return Object.fromEntries(stored)
}

function unmoved(entity: string, row: Row, moves: readonly Move[]): Row {
  const own = moves.filter((move) => move.entity === entity && move.id === row.id)
  return { ...row, ...Object.fromEntries(own.map(({ relation, from }) => [relation, from])) }
}

interface Around {
  readonly model: Model
  readonly rows: Rows
  readonly carried: readonly CarriedColumn[]
}

function storedRow(row: Row, entity: Entity, around: Around): Readonly<Record<string, unknown>> {
  const { model, rows, carried } = around
  const entities = new Map(model.entities.map((each) => [each.name, each]))
  const at = '2026-01-01T00:00:00Z'
  const whole = {
    ...columnsOf(row, entity, model),
    created_at: at,
    updated_at: at,
    ...(hasTenant(entity) ? { tenant_id: tenantOf(row, entity) } : {}),
    ...(isShared(entity) ? { [ownTenantColumn]: row.$tenant } : {}),
  }
  const targets = toOnesOf(entity).flatMap((one): [string, unknown][] => {
    const column = targetTenantColumn(one, entities)
    if (column === null) return []
    const target = rows[one.to]?.find((each) => keyText(entities.get(one.to)!, each) === row[one.name])
    return [[column, row[one.name] === null ? null : target?.$tenant === null ? ours : row.$tenant]]
  })
  const copies = carried.map(({ column, path }): [string, unknown] => {
    const end = endOf(row, entity, path, around)
    // Nobody's row, where the keys at the end are numbers.
    const isNumber = end === ours && isCounted(entityAt(entity, path, around))
    return [column, isNumber ? '0' : end]
  })
  return { ...whole, ...Object.fromEntries([...targets, ...copies]) }
}

function tenantOf(row: Row, { tenancy }: Entity): unknown {
  return tenancy === 'self' ? row.id : (row.$tenant ?? ours)
}

/** What a path leads to; where it leads nowhere, to nobody's row. */
function endOf(row: Row, entity: Entity, path: readonly string[], around: Around): unknown {
  const [name, ...rest] = path
  const key = row[name!]
  if (rest.length === 0) return key ?? ours
  const { to } = toOnesOf(entity).find((each) => each.name === name)!
  const found = around.model.entities.find((each) => each.name === to)!
  const target = around.rows[to]?.find((each) => keyText(found, each) === key && each.$tenant === row.$tenant)
  if (target === undefined) return ours
  return endOf(target, found, rest, around)
}

/** Columns of an entity's table that callers see, by name. */
export function seenColumns(entity: Entity): readonly { readonly name: string; readonly column: string }[] {
  return [...columnFields(entity), ...toOnesOf(entity)].map(({ name, column }) => ({ name, column }))
}

/** The entity that a path of to-ones ends at. */
function entityAt(entity: Entity, path: readonly string[], { model }: Around): Entity {
  return path.reduce((at, name) => {
    const { to } = toOnesOf(at).find((each) => each.name === name)!
    return model.entities.find((each) => each.name === to)!
  }, entity)
}
