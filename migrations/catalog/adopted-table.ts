import { entityOf, type ModelIndex, owner } from '#policies'
import { type Adopted, columnBehind, type Entity, tenantColumnOf, toOnesOf } from '#schema'
import type { AdoptedTable, Table } from './catalog.ts'
import { columnsOf } from './columns.ts'
import { constraintsOf, foreignKeyName } from './constraints.ts'
import { grantsOf } from './grants.ts'
import { policiesOf } from './policies.ts'
import { triggersOf } from './triggers.ts'

/** What the table of an adopted entity must have, and what Rowhouse adds to it. */
export function adoptedTable(entity: Entity, source: Adopted, index: ModelIndex): Table {
  const keys = constraintsOf(entity, index).filter(({ kind }) => kind === 'primary' || kind === 'foreign')
  // The tenant's column refers to whatever it does, and nothing that was there refers to what Rowhouse makes.
  const links = toOnesOf(entity).filter(({ to }) => entityOf(index, to).source.kind === 'adopted')
  const names = new Set(links.map((relation) => foreignKeyName(entity, relation)))
  const own = keys.filter(({ kind, name }) => kind === 'primary' || names.has(name))
  return {
    schema: entity.schema,
    name: entity.table,
    owner,
    comment: null,
    rowSecurity: true,
    forceRowSecurity: true,
    columns: columnsOf(entity, index).map(({ name, type, notNull }) => ({
      name,
      type,
      notNull,
      default: null,
      comment: null,
    })),
    constraints: own.map(({ name, kind, definition }) => ({ name, kind, definition })),
    indexes: [],
    policies: policiesOf(entity, index),
    triggers: triggersOf(entity, index),
    grants: grantsOf(entity, index),
    entity: entity.name,
    adopted: {
      triggers: source.triggers,
      filled: filledColumns(entity),
      unique: entity.unique.map(({ on }) => [
        ...(tenantColumnOf(entity) === null ? [] : [String(tenantColumnOf(entity))]),
        ...on.map((name) => columnBehind(entity, name, index.entities)?.column ?? name),
      ]),
      ...apartIn(entity, source, index),
    },
  }
}

/** A relation is looked at before any key: it leads to a row that the caller may read, so to one of its tenant. */
function apartIn(entity: Entity, source: Adopted, index: ModelIndex): Pick<AdoptedTable, 'apart'> {
  if (source.tenantColumn === null || source.globalKeys) return {}
  const ids = entity.fields.filter(({ builtIn, name }) => builtIn && name === 'id')
  const links = toOnesOf(entity).filter(({ to }) => ['own', 'self'].includes(entityOf(index, to).tenancy))
  return { apart: { tenant: source.tenantColumn, others: [...ids, ...links].map(({ column }) => column) } }
}

/** Columns that a new row is given by its caller or by Rowhouse, so that they need no default of their own. */
function filledColumns(entity: Entity): readonly string[] {
  const given = [...entity.fields.filter((field) => !field.builtIn), ...toOnesOf(entity)]
  const kept = entity.fields.filter((field) => field.builtIn && field.default?.kind !== 'identity')
  const tenant = tenantColumnOf(entity)
  return [...given, ...kept].map(({ column }) => column).concat(tenant === null ? [] : [tenant])
}
