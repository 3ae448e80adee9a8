import { Bug, canonicalHash, type Sql, sql, toText } from '#base'
import {
  allOf,
  allowsToSql,
  audienceRoles,
  entityOf,
  idColumnOf,
  type ModelIndex,
  passesToSql,
  privateRole,
  type RowReference,
  rowsSql,
  rulesOf,
  type Scope,
  statementActor,
} from '#policies'
import {
  changedRow,
  columnFields,
  type Entity,
  isKeptRelation,
  keepsTransitions,
  ruleCovers,
  type ToOne,
  targetTenantColumn,
  toOnesOf,
} from '#schema'
import type { Grant, Policy } from './catalog.ts'

/** A column whose changes are told, by the name of its field or relation. */
export interface TrackedColumn {
  readonly name: string
  readonly column: string
}

/** The entity that holds the changes of this one's rows, or null. */
export function historyOf(entity: Entity, index: ModelIndex): Entity | null {
  if (!entity.history) return null
  return index.model.entities.find((each) => each.historyOf === entity.name && !keepsTransitions(each)) ?? null
}

/** The entity that holds the transitions of this one's rows, or null. */
export function transitionsOf(entity: Entity, index: ModelIndex): Entity | null {
  if (entity.lifecycle === null) return null
  return index.model.entities.find((each) => each.historyOf === entity.name && keepsTransitions(each)) ?? null
}

/** The entity whose changes these are. */
export function changedEntity(history: Entity, index: ModelIndex): Entity {
  if (history.historyOf === null) throw new Bug(`"${history.name}" holds no changes.`)
  return entityOf(index, history.historyOf)
}

/** The relation from a change to its row. */
export function rowOf(history: Entity): ToOne {
  const relation = changedRow(history)
  if (relation === null) throw new Bug(`"${history.name}" leads to no row.`)
  return relation
}

/** What of a row changes: what was declared and its state, not what identifies it and what the database keeps by itself. */
export function trackedColumns(entity: Entity): readonly TrackedColumn[] {
  const fields = columnFields(entity).filter((field) => !field.builtIn || field.name === 'status')
  return [...fields, ...toOnesOf(entity)]
    .filter(({ name }) => !entity.key.includes(name))
    .map(({ name, column }) => ({ name, column }))
}

/** Columns of a row whose values its changes keep. */
export function keptColumns(history: Entity, index: ModelIndex): readonly TrackedColumn[] {
  if (keepsTransitions(history)) return []
  const kept = new Set([
    ...columnFields(history).map(({ column }) => column),
    ...toOnesOf(history)
      .filter((relation) => isKeptRelation(history, relation))
      .map(({ column }) => column),
  ])
  return trackedColumns(changedEntity(history, index)).filter(({ column }) => kept.has(column))
}

/** Columns beside kept relations, which say whose the row is that they lead to. */
export function keptTenantColumns(history: Entity, index: ModelIndex): readonly string[] {
  return toOnesOf(history)
    .filter((relation) => isKeptRelation(history, relation))
    .flatMap((relation) => targetTenantColumn(relation, index.entities) ?? [])
}

/**
 * A change is read where the row is, under the row's own policies for the same caller, and only with values that the caller might have
 * read in the row: a rule must show the row as it is now, and one must show it as it was then. A transition keeps no values: whoever sees
 * the row sees all of its ways.
 */
export function historyPolicies(history: Entity, index: ModelIndex): readonly Policy[] {
  const entity = changedEntity(history, index)
  const there = isReadable(history, index)
  const scope: Scope = {
    index,
    entity,
    row: formerRow(history, index),
    actor: statementActor,
    related: 'set',
    depth: 0,
  }
  return rulesOf(index, entity)
    .filter((rule) => rule.effect !== 'reserve' && ruleCovers(entity, rule, 'read'))
    .filter((rule) => rule.effect === 'allow' || !keepsTransitions(history))
    .map((rule): Policy => {
      const allows = rule.effect === 'allow'
      const hash = canonicalHash({ entity: history.name, title: rule.title, command: 'select' }).slice(0, 12)
      const then = keepsTransitions(history) ? [] : [allowsToSql(rule, scope)]
      const using = allows ? allOf([there, ...then]) : passesToSql(rule, scope)
      return {
        name: `${allows ? 'r' : 'd'}_${hash}`,
        permissive: allows,
        command: 'select',
        roles: audienceRoles(rule.audience),
        using: toText(using),
        check: null,
        comment: rule.title,
      }
    })
}

/** Whoever reads a column of the row reads it in its changes too, and nobody else. Only the trigger function writes. */
export function historyGrants(
  history: Entity,
  { ofRow, readable }: { readonly ofRow: readonly Grant[]; readonly readable: readonly string[] },
  index: ModelIndex,
): readonly Grant[] {
  const kept = new Set(keptColumns(history, index).map(({ column }) => column))
  const readers = ofRow.filter(({ to, privilege }) => to !== privateRole && privilege === 'select')
  return [
    ...(['insert', 'select'] as const).map((privilege) => ({ to: privateRole, privilege, columns: null })),
    ...readers.map(({ to, columns }) => ({
      to,
      privilege: 'select' as const,
      columns: readable
        .filter((column) => !kept.has(column) || columns === null || columns.includes(column))
        .toSorted(),
    })),
  ]
}

/** That whoever asks sees the row that changed, by the row's own policies. */
export function isReadable(history: Entity, index: ModelIndex): Sql {
  return sql`exists (select from ${sameRow(history, index)})`
}

/**
 * The row as the caller sees it: its policies pin the tenant, whose column no caller may name. The table's own columns are named
 * with the table, for the row has columns of the same names.
 */
function sameRow(history: Entity, index: ModelIndex): Sql {
  const entity = changedEntity(history, index)
  const link = sql.identifier(history.table, rowOf(history).column)
  return sql`${rowsSql(entity, index)} t1 where t1.${sql.identifier(idColumnOf(entity, index).column)} = ${link}`
}

/** The row as it was. What its changes do not keep is looked up in the row as it is, under the caller's own policies. */
function formerRow(history: Entity, index: ModelIndex): RowReference {
  const entity = changedEntity(history, index)
  const kept = new Set(keptColumns(history, index).map(({ column }) => column))
  const key = idColumnOf(entity, index).column
  return {
    column(name) {
      if (kept.has(name)) return sql.identifier(history.table, name)
      if (name === key) return sql.identifier(history.table, rowOf(history).column)
      return sql`(select t1.${sql.identifier(name)} from ${sameRow(history, index)})`
    },
  }
}

/** Entities whose changes are kept. */
export function keepingHistory(index: ModelIndex): readonly Entity[] {
  return index.model.entities.filter((entity) => historyOf(entity, index) !== null)
}
