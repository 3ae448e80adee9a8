import { Bug, type Sql, sql, unreachable } from '#base'
import {
  type Computed,
  type Condition,
  type Entity,
  type Expression,
  type FieldType,
  innerScope,
  isUncertain,
  keyColumnsOf,
  type ListRead,
  listRows,
  readAt,
  settledCondition,
  storedColumn,
  type Typed,
  type TypeScope,
  typeOfExpression,
} from '#schema'
import { allOf } from './all-of.ts'
import { callToSql } from './call-to-sql.ts'
import { canonical, endOf } from './counted-form.ts'
import { aggregateOf, joinToSql, unlessSpoilt } from './list-aggregates.ts'
import { liveSql } from './live-row.ts'
import { entityOf, idColumnOf, toOneOf } from './model-index.ts'
import { dayOf, knownZone, local, type Made, shifted, startOf } from './moments.ts'
import { valueType } from './postgres-type.ts'
import { ofTenant } from './related-rows.ts'
import { type CompileCondition, namedRow, type Scope } from './scope.ts'
import { throughUtc, usual } from './through-utc.ts'
import { typedLiteral } from './typed-literal.ts'
import { heldNumber } from './within-range.ts'

/** The rows that an expression may speak of, from the row of the formula to the innermost row. */
interface Nest {
  readonly scopes: readonly Scope[]
  readonly types: readonly TypeScope[]
  readonly test: CompileCondition
}

/**
 * A computed field of the scope's row as SQL, rounded and cast to its type. Looks related rows up itself, so it belongs into code
 * that sees every live row of the tenant, unless the formula stays within the row. Never raises, whatever the rows hold.
 */
export function computedToSql({ expression, type }: Computed, scope: Scope, test: CompileCondition): Sql {
  return heldToSql(expression, type, scope, test)
}

/** What a default by formula gives a new row. */
export function defaultToSql(
  field: { readonly expression: Expression; readonly type: FieldType; readonly columnType: string | null },
  scope: Scope,
  test: CompileCondition,
): Sql {
  return throughUtc(heldToSql(field.expression, field.type, scope, test), usual, field)
}

function heldToSql(expression: Expression, type: FieldType, scope: Scope, test: CompileCondition): Sql {
  const inline: Scope = { ...scope, related: 'inline' }
  const nest: Nest = { scopes: [inline], types: [{ entity: scope.entity, list: null }], test }
  return storedForm(toSql(expression, nest), type, typed(expression, nest))
}

/** Rounds half away from zero to the digits of the type. Decimals keep no precision: nothing overflows while it is read. */
function storedForm(value: Sql, type: FieldType, known: Typed): Sql {
  if (type.kind === 'decimal' || (type.kind === 'money' && !type.minor))
    return sql`round(${value}, ${sql.literal(type.scale)})`
  if (known.range !== null && known.type.kind !== 'text' && known.type.kind !== 'null')
    return heldNumber(value, type, known)
  return sql`(${value})::${sql.raw(valueType(type))}`
}

/**
 * An expression in the one form of its kind: exact numbers as numeric in whole units, texts as text. Parenthesised where it is
 * no call.
 */
function toSql(expression: Expression, nest: Nest): Sql {
  const of = (each: Expression): Sql => toSql(each, nest)
  switch (expression.kind) {
    case 'literal':
      return literal(expression)
    case 'field':
      return fieldToSql(expression.path, nest.scopes[nest.scopes.length - 1 - expression.up]!, nest.test)
    case 'now':
      return sql`now()`
    case 'today':
      return sql`((now() at time zone 'UTC')::date)`
    case 'call':
      return callToSql(
        expression.name,
        expression.args.map((each) => made(each, nest)),
      )
    case 'round':
      return sql`round(${of(expression.value)}, ${sql.literal(expression.places)})`
    case 'left':
      return sql`"left"(${of(expression.value)}, ${sql.literal(expression.characters)})`
    case 'shift':
      return shifted(made(expression.value, nest), of(expression.by), expression.unit)
    case 'part':
      return sql`extract(${sql.raw(expression.of === 'weekday' ? 'isodow' : expression.of)} from ${local(made(expression.value, nest))})`
    case 'startOf':
      return startOf(
        made(expression.value, nest),
        expression.of,
        expression.zone === null ? null : zoneToSql(expression.zone, nest),
      )
    case 'dayOf':
      return dayOf(of(expression.value), zoneToSql(expression.zone, nest))
    case 'condition':
      return testToSql(expression.where, at(expression.up, nest), nest)
    case 'cases': {
      const scope = at(expression.up, nest)
      const cases = expression.cases.flatMap(({ where, then }) => [
        sql`when ${nest.test(certainly(where, scope), scope)} then ${of(then)}`,
        // Which case it is nobody knows.
        ...(isOpen(where, scope) ? [sql`when ${nest.test(possibly(where, scope), scope)} then null`] : []),
      ])
      return sql`(case ${sql.join(cases, ' ')} else ${of(expression.otherwise)} end)`
    }
    case 'list':
      return listToSql(expression, nest)
    default:
      return unreachable(expression)
  }
}

function made(expression: Expression, nest: Nest): Made {
  return { value: toSql(expression, nest), typed: typed(expression, nest) }
}

function zoneToSql(zone: Expression, nest: Nest): Sql {
  return zone.kind === 'literal' ? toSql(zone, nest) : knownZone(made(zone, nest))
}

/** The row so many lists further out, with aliases that no row further in has taken. */
function at(up: number, { scopes }: Nest): Scope {
  return { ...scopes[scopes.length - 1 - up]!, depth: scopes.at(-1)!.depth }
}

function typed(expression: Expression, { scopes, types }: Nest): Typed {
  return typeOfExpression(expression, { entities: scopes[0]!.index.entities, scopes: types })
}

/** True where a condition names a computed field that may be out of range. */
function isOpen(where: Condition, { entity, index }: Scope): boolean {
  return isUncertain(where, entity, index)
}

function certainly(where: Condition, { entity, index }: Scope): Condition {
  return settledCondition(where, 'certain', entity, index)
}

function possibly(where: Condition, { entity, index }: Scope): Condition {
  return settledCondition(where, 'possible', entity, index)
}

/** Null where nobody knows. */
function testToSql(where: Condition, scope: Scope, { test }: Nest): Sql {
  if (!isOpen(where, scope)) return sql`((${test(where, scope)}) is true)`
  const [surely, maybe] = [certainly(where, scope), possibly(where, scope)]
  return sql`(case when ${test(surely, scope)} then true when ${test(maybe, scope)} then null else false end)`
}

function literal({ of, value }: Extract<Expression, { kind: 'literal' }>): Sql {
  if (value === null) return sql`null`
  switch (of) {
    case 'number':
      return sql`${sql.literal(String(value))}::numeric`
    case 'text':
      return sql`${sql.literal(String(value))}::text`
    case 'boolean':
      return sql.literal(value === true)
    case 'date':
    case 'datetime':
    case 'time':
      return typedLiteral(value, { kind: of })
    case 'null':
      return sql`null`
    default:
      return unreachable(of)
  }
}

/** A field of the row, or of the live row that to-one relations lead to. */
function fieldToSql(path: readonly string[], scope: Scope, test: CompileCondition): Sql {
  const { ones } = readAt(scope.entity, path, scope.index.entities)
  const [first] = ones
  if (first === undefined) return readField(path, scope, test)
  return throughToOne(first, scope, (inner) => fieldToSql(path.slice(1), inner, test))
}

function readField(path: readonly string[], scope: Scope, test: CompileCondition): Sql {
  const { computed, field, end } = readAt(scope.entity, path, scope.index.entities)
  if (computed !== null) {
    const value = computed.stored ? scope.row.column(storedColumn(computed)) : computedToSql(computed, scope, test)
    return canonical(value, { type: computed.type, columnType: null }, scope.entity)
  }
  const column = scope.row.column(field.column)
  if (end === null) return canonical(throughUtc(column, field, usual), field, scope.entity)
  return canonical(endOf(column, field, end), field, scope.entity)
}

/** Something about the live row that a to-one or has-one relation leads to; null when there is none. */
function throughToOne(name: string, scope: Scope, about: (inner: Scope) => Sql): Sql {
  const relation = scope.entity.relations.find((each) => each.name === name)
  if (relation === undefined || (relation.kind !== 'one' && relation.kind !== 'hasOne'))
    throw new Bug(`"${scope.entity.name}" has no way to one "${name}".`)
  const target = entityOf(scope.index, relation.to)
  const inner = deeper(scope, target)
  const link =
    relation.kind === 'one'
      ? sql`${idOf(inner)} = ${scope.row.column(relation.column)}`
      : sql`${inner.row.column(toOneOf(target, relation.by).column)} = ${idOf(scope)}`
  return sql`(select ${about(inner)} from ${table(target)} ${alias(inner)} where ${link} and ${live(inner)})`
}

function deeper(scope: Scope, entity: Entity): Scope {
  const depth = scope.depth + 1
  return { ...scope, entity, row: namedRow(`t${depth}`), depth }
}

function table(entity: Entity): Sql {
  return sql.identifier(entity.schema, entity.table)
}

function alias(scope: Scope): Sql {
  return sql.raw(`t${scope.depth}`)
}

/** What others refer to the row by. */
function idOf(scope: Scope): Sql {
  return scope.row.column(idColumnOf(scope.entity, scope.index).column)
}

/** Only live rows count; tables that were there before may know no removal. */
function live(scope: Scope): Sql {
  return allOf([...ofTenant(scope.entity, scope.row, scope), liveSql(scope.entity, scope.row, scope.index)])
}

function listToSql(list: ListRead, nest: Nest): Sql {
  const outer = at(list.up, nest)
  const way = list.path.slice(0, -1)
  const name = list.path.at(-1)!
  const read = way.reduceRight<(scope: Scope) => Sql>(
    (about, relation) => (scope) => throughToOne(relation, scope, about),
    (scope) => rowsToSql(list, name, scope, nest),
  )
  const value = read(outer)
  // Where the way to the list leads nowhere, there is no row in it.
  return way.length === 0 ? value : orNothing(list, value)
}

function orNothing({ name }: ListRead, value: Sql): Sql {
  if (name === 'sum' || name === 'count' || name === 'countDistinct') return sql`coalesce(${value}, 0)`
  if (name === 'exists') return sql`coalesce(${value}, false)`
  return name === 'join' ? sql`coalesce(${value}, '')` : value
}

function rowsToSql(list: ListRead, name: string, scope: Scope, nest: Nest): Sql {
  const context = { entities: scope.index.entities, scopes: nest.types }
  const { entity, by } = listRows(list, context)
  const inner = deeper(scope, entity)
  const within: Nest = {
    scopes: [...nest.scopes, inner],
    types: [...nest.types, innerScope(list, entity, by)],
    test: nest.test,
  }
  const { where } = list
  const tests = [
    membership(name, scope, inner),
    live(inner),
    ...(where === null ? [] : [sql`(${nest.test(possibly(where, inner), inner)})`]),
  ]
  const from = sql`from ${table(entity)} ${alias(inner)} where ${sql.join(tests, ' and ')}`
  if (where === null || !isOpen(where, inner)) return aggregate(list, from, null, within)
  return aggregate(list, from, sql`((${nest.test(certainly(where, inner), inner)}) is not true)`, within)
}

/** That a row belongs to the list. Through rows in between it counts once, however many lead to it. */
function membership(name: string, scope: Scope, inner: Scope): Sql {
  const relation = scope.entity.relations.find((each) => each.name === name)
  const id = idOf(scope)
  if (relation?.kind === 'many') return sql`${inner.row.column(toOneOf(inner.entity, relation.by).column)} = ${id}`
  if (relation?.kind !== 'through') throw new Bug(`"${scope.entity.name}" has no list "${name}".`)
  const between = entityOf(scope.index, relation.through)
  const middle: Scope = { ...inner, entity: between, row: namedRow(`m${inner.depth}`) }
  const from = middle.row.column(toOneOf(between, relation.from).column)
  const toward = middle.row.column(toOneOf(between, relation.toward).column)
  return sql`${idOf(inner)} in (select ${toward} from ${table(between)} ${sql.raw(`m${inner.depth}`)} where ${from} = ${id} and ${live(middle)})`
}

/**
 * The value of each row stands in a sub-select of its own: an aggregate whose argument names columns of an outer row alone would
 * belong to the outer query (https://www.postgresql.org/docs/current/sql-expressions.html#SYNTAX-AGGREGATES).
 *
 * @param unclear SQL that is true of a row which may belong to the list or not; null when there is no such row
 */
function aggregate(list: ListRead, rows: Sql, unclear: Sql | null, nest: Nest): Sql {
  if (unclear === null && list.name === 'count') return sql`(select count(*)::numeric ${rows})`
  if (unclear === null && list.name === 'exists') return sql`(exists (select ${rows}))`
  const isCounted = list.name === 'count' || list.name === 'exists'
  if (!isCounted && list.value === null) throw new Bug(`"${list.name}" of a list has no value.`)
  const made = isCounted ? sql`true` : toSql(list.value!, nest)
  const name = sql.raw(`v${nest.scopes.at(-1)!.depth}`)
  if (list.name === 'first') return firstToSql(made, rows, unclear, nest, list)
  const flag = unclear === null ? sql.empty : sql`, ${unclear} as u`
  const from = sql`from (select ${made} as v${flag} ${rows}) ${name}`
  const known = isCounted ? null : typed(list.value!, nest)
  if (list.name === 'join') return joinToSql(list, from, name, { unclear, known: known! })
  // One that surely belongs to it is enough.
  if (list.name === 'exists')
    return sql`(select case when bool_or(not ${name}.u) then true when bool_or(${name}.u) then null else false end ${from})`
  const value = aggregateOf(list.name, sql`${name}.v`, known?.type.kind === 'text')
  return sql`(select ${unlessSpoilt(value, name, { unclear, known })} ${from})`
}

/** The first row that surely belongs to the list, unless one that may belong to it comes before. */
function firstToSql(made: Sql, rows: Sql, unclear: Sql | null, nest: Nest, list: ListRead): Sql {
  const value = unclear === null ? made : sql`case when ${unclear} then null else ${made} end`
  return sql`(select ${value} ${rows} order by ${sortKeys(list, nest)} limit 1)`
}

function sortKeys({ sort }: ListRead, { scopes, test }: Nest): Sql {
  const scope = scopes.at(-1)!
  const keys = sort.map(({ name, descending }) => {
    const type = [...scope.entity.fields, ...scope.entity.computed].find((each) => each.name === name)?.type.kind
    const value = readField(name.split('.'), scope, test)
    const key = type === 'text' || type === 'choice' ? sql`${value} collate "C"` : value
    return descending ? sql`${key} desc` : key
  })
  // Of rows that are alike the one with the least key, which may have several columns.
  const byKey = keyColumnsOf(scope.entity, scope.index.entities).map(({ column }) => scope.row.column(column))
  return sql.join([...keys, ...byKey], ', ')
}
