import { type Sql, sql, toText } from '#base'
import { conditionToSql, entityOf, givenToSql, idColumnOf, liveSql, namedRow, type Scope, tableSql } from '#policies'
import { type Entity, hasDeletedAt, isShared, type Rule, type ToOne, toOnesOf } from '#schema'
import { creatable, type WritableColumn } from '../writable-columns.ts'

/** What a rule gives a row, as the guard does it: tries the values, and takes them back where the rule does not hold. */
export interface GuardPresets {
  /** Keeps the row as the caller gave it in `given`, and gives it the values. */
  readonly give: readonly string[]
  /** Takes them back. */
  readonly take: readonly string[]
  /** Relations that are given lead to live rows; who may read them does not matter, because the caller did not choose. */
  readonly reachable: readonly Sql[]
  /** Columns that the rule gives, with SQL that is true where the caller gave another value. */
  readonly differing: readonly { readonly name: string; readonly isGiven: Sql }[]
}

/**
 * @param isAsked SQL that is true where the caller says something of a column, given SQL of the value that is there
 */
export function guardPresets(
  rule: Rule,
  scope: Scope,
  isAsked: (column: WritableColumn, value: Sql) => Sql,
): GuardPresets {
  const { entity, index } = scope
  const columns = creatable(entity, index)
  const presets = rule.sets.map((preset) => ({ preset, column: columns.find(({ name }) => name === preset.name)! }))
  if (presets.length === 0) return { give: [], take: [], reachable: [], differing: [] }
  const row = (column: WritableColumn) => scope.row.column(column.column)
  const relations = toOnesOf(entity).filter(({ name }) => rule.sets.some((preset) => preset.name === name))
  return {
    give: [
      '      given := new;',
      ...presets.map(
        ({ preset, column }) => `      ${toText(sql`${row(column)} := ${givenToSql(preset, scope, conditionToSql)};`)}`,
      ),
    ],
    take: ['      new := given;'],
    reachable: relations.map((relation) => leadsToLive(relation, scope)),
    differing: presets.map(({ column }) => {
      const given = namedRow('given').column(column.column)
      return {
        name: column.name,
        isGiven: sql`${isAsked(column, given)} and ${given} is distinct from ${row(column)}`,
      }
    }),
  }
}

/** Locked as the foreign key would lock it later, so that it cannot be removed meanwhile. */
function leadsToLive(relation: ToOne, { index, row }: Scope): Sql {
  const target = entityOf(index, relation.to)
  const link = row.column(relation.column)
  const other = namedRow('t1')
  const isTarget = sql`${other.column(idColumnOf(target, index).column)} = ${link}`
  // Ours are nobody's to lock, and nobody removes them meanwhile but us.
  const lock = hasDeletedAt(target) && !isShared(target) ? sql` for key share` : sql``
  const found = sql`exists (select from ${tableSql(target)} t1 where ${isTarget} and ${liveSql(target, other, index)}${lock})`
  return sql`(${link} is null or ${found})`
}

/** Rules that leave most to the caller come first: what one of them allows as it is given stays as it is. */
export function byPresets(rules: readonly Rule[]): readonly Rule[] {
  return [...rules].sort((a, b) => a.sets.length - b.sets.length)
}

/**
 * Of a rule that does not give what others give: without a value that every row needs it makes no row, so that one that gives it decides.
 */
export function neededTests(rule: Rule, rules: readonly Rule[], scope: Scope): readonly Sql[] {
  const given = new Set(rules.flatMap(({ sets }) => sets.map(({ name }) => name)))
  for (const { name } of rule.sets) given.delete(name)
  return creatable(scope.entity, scope.index)
    .filter(({ name }) => given.has(name) && isRequired(name, scope.entity))
    .map(({ column }) => sql`${scope.row.column(column)} is not null`)
}

function isRequired(name: string, entity: Entity): boolean {
  const part = [...entity.fields, ...toOnesOf(entity)].find((each) => each.name === name)
  return part?.optional === false
}

/** True where some rule gives a row something. */
export function givesSomething(rules: readonly Rule[]): boolean {
  return rules.some(({ sets }) => sets.length > 0)
}
