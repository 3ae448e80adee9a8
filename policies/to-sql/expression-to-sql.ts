import { Bug, type Sql, sql, unreachable } from '#base'
import {
  type Computed,
  type Entity,
  type Expression,
  type FieldType,
  innerScope,
  keyColumnsOf,
  type ListRead,
  listRows,
  type Typed,
  type TypeScope,
  typeOfExpression,
} from '#schema'
import { callToSql } from './call-to-sql.ts'
import { divided } from './divided.ts'
import { liveSql } from './live-row.ts'
import { entityOf, idColumnOf, toOneOf } from './model-index.ts'
import { valueType } from './postgres-type.ts'
import { type CompileCondition, namedRow, type Scope } from './scope.ts'
import { throughUtc, usual } from './through-utc.ts'
import { typedLiteral } from './typed-literal.ts'

/** The rows that an expression may speak of, from the row of the formula to the innermost row. */
interface Nest {
  readonly scopes: readonly Scope[]
  readonly types: readonly TypeScope[]
  readonly test: CompileCondition
}

/**
 * A computed field of the scope's row as SQL, rounded and cast to its type. Looks related rows up itself, so it belongs into code
 * that sees every live row of the tenant, unless the formula stays within the row.
 */
export function computedToSql(computed: Computed, scope: Scope, test: CompileCondition): Sql {
  return storedForm(formulaToSql(computed.expression, scope, test), computed.type)
}

/** What a default by formula gives a new row. */
export function defaultToSql(
  field: { readonly expression: Expression; readonly type: FieldType; readonly columnType: string | null },
  scope: Scope,
  test: CompileCondition,
): Sql {
  return throughUtc(storedForm(formulaToSql(field.expression, scope, test), field.type), usual, field)
}

function formulaToSql(expression: Expression, scope: Scope, test: CompileCondition): Sql {
  const inline: Scope = { ...scope, related: 'inline' }
  return toSql(expression, { scopes: [inline], types: [{ entity: scope.entity, list: null }], test })
}

/** Rounds half away from zero to the digits of the type. Numbers keep no precision: nothing overflows while it is read. */
function storedForm(value: Sql, type: FieldType): Sql {
  if (type.kind === 'decimal') return sql`round(${value}, ${sql.literal(type.scale)})`
  if (type.kind === 'money') {
    const rounded = sql`round(${value}, ${sql.literal(type.scale)})`
    return type.minor ? sql`(${rounded} * ${sql.literal(10 ** type.scale)})::bigint` : rounded
  }
  // A cast of a numeric to a whole number rounds half away from zero.
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
        expression.args.map((each) => ({ value: of(each), typed: typed(each, nest) })),
      )
    case 'round':
      return isFloat(expression.value, nest)
        ? sql`(round((${of(expression.value)})::numeric, ${sql.literal(expression.places)})::double precision)`
        : sql`round(${of(expression.value)}, ${sql.literal(expression.places)})`
    case 'left':
      return sql`"left"(${of(expression.value)}, ${sql.literal(expression.characters)})`
    case 'shift':
      return shiftToSql(expression, nest)
    case 'part':
      return sql`extract(${sql.raw(expression.of === 'weekday' ? 'isodow' : expression.of)} from ${local(expression.value, nest)})`
    case 'startOf':
      return startOfToSql(expression, nest)
    case 'dayOf':
      return sql`((${of(expression.value)} at time zone ${of(expression.zone)})::date)`
    case 'condition':
      return sql`((${nest.test(expression.where, at(expression.up, nest))}) is true)`
    case 'cases': {
      const scope = at(expression.up, nest)
      const cases = expression.cases.map((each) => sql`when ${nest.test(each.where, scope)} then ${of(each.then)}`)
      return sql`(case ${sql.join(cases, ' ')} else ${of(expression.otherwise)} end)`
    }
    case 'list':
      return listToSql(expression, nest)
    default:
      return unreachable(expression)
  }
}

/** The row so many lists further out, with aliases that no row further in has taken. */
function at(up: number, { scopes }: Nest): Scope {
  return { ...scopes[scopes.length - 1 - up]!, depth: scopes.at(-1)!.depth }
}

function typed(expression: Expression, { scopes, types }: Nest): Typed {
  return typeOfExpression(expression, { entities: scopes[0]!.index.entities, scopes: types })
}

function isFloat(expression: Expression, nest: Nest): boolean {
  return typed(expression, nest).type.kind === 'float'
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
  const [first, ...rest] = path
  if (rest.length > 0) return throughToOne(first!, scope, (inner) => fieldToSql(rest, inner, test))
  return readField(first!, scope, test)
}

function readField(name: string, scope: Scope, test: CompileCondition): Sql {
  const computed = scope.entity.computed.find((each) => each.name === name)
  if (computed !== undefined) return canonical(computedToSql(computed, scope, test), computed.type)
  const field = scope.entity.fields.find((each) => each.name === name)
  if (field === undefined) throw new Bug(`"${scope.entity.name}" has no field "${name}".`)
  return canonical(throughUtc(scope.row.column(field.column), field, usual), field.type)
}

function canonical(value: Sql, type: FieldType): Sql {
  if (type.kind === 'int' || type.kind === 'int64' || type.kind === 'duration') return sql`(${value})::numeric`
  if (type.kind !== 'money' || !type.minor) return value
  return sql`((${value})::numeric * ${sql.literal(`1e-${type.scale}`)}::numeric)`
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
  return liveSql(scope.entity, scope.row, scope.index)
}

/** A day, or an instant as the clock of UTC shows it, for functions that know no zone. */
function local(value: Expression, nest: Nest): Sql {
  const made = toSql(value, nest)
  return typed(value, nest).type.kind === 'date' ? sql`(${made})` : sql`(${made} at time zone 'UTC')`
}

function shiftToSql({ value, by, unit }: Extract<Expression, { kind: 'shift' }>, nest: Nest): Sql {
  const argument = { minutes: 'mins', hours: 'hours', days: 'days', months: 'months' }[unit]
  const interval = sql`make_interval(${sql.raw(argument)} => (${toSql(by, nest)})::integer)`
  const moved = sql`(${local(value, nest)} + ${interval})`
  return typed(value, nest).type.kind === 'date' ? sql`(${moved}::date)` : sql`(${moved} at time zone 'UTC')`
}

function startOfToSql({ value, of, zone }: Extract<Expression, { kind: 'startOf' }>, nest: Nest): Sql {
  const made = toSql(value, nest)
  const unit = sql.literal(of)
  if (typed(value, nest).type.kind === 'date') return sql`(date_trunc(${unit}, (${made})::timestamp)::date)`
  const at = zone === null ? sql`'UTC'` : toSql(zone, nest)
  return sql`(date_trunc(${unit}, ${made} at time zone ${at}) at time zone ${at})`
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
  const tests = [
    membership(name, scope, inner),
    live(inner),
    ...(list.where === null ? [] : [sql`(${nest.test(list.where, inner)})`]),
  ]
  const from = sql`from ${table(entity)} ${alias(inner)} where ${sql.join(tests, ' and ')}`
  return aggregate(list, from, within)
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
 */
function aggregate(list: ListRead, rows: Sql, nest: Nest): Sql {
  if (list.name === 'count') return sql`(select count(*)::numeric ${rows})`
  if (list.name === 'exists') return sql`(exists (select ${rows}))`
  if (list.value === null) throw new Bug(`"${list.name}" of a list has no value.`)
  const made = toSql(list.value, nest)
  if (list.name === 'first') return sql`(select ${made} ${rows} order by ${sortKeys(list, nest)} limit 1)`
  const name = sql.raw(`v${nest.scopes.at(-1)!.depth}`)
  const value = sql`${name}.v`
  const from = sql`from (select ${made} as v ${rows}) ${name}`
  const { kind } = typed(list.value, nest).type
  const byCode = kind === 'text' ? sql` collate "C"` : sql.empty
  switch (list.name) {
    case 'sum':
      return sql`(select coalesce(sum(${value}), 0) ${from})`
    case 'average': {
      const exact = kind === 'float' ? sql`(${value})::numeric` : value
      return sql`(select ${divided(sql`sum(${exact})`, sql`count(${exact})`)} ${from})`
    }
    case 'min':
      return sql`(select min(${value}${byCode}) ${from})`
    case 'max':
      return sql`(select max(${value}${byCode}) ${from})`
    case 'countDistinct':
      return sql`(select count(distinct ${value})::numeric ${from})`
    case 'join':
      return sql`(select coalesce(string_agg(${value}, ${sql.literal(list.separator ?? '')} order by ${value}${byCode}), '') ${from})`
    default:
      return unreachable(list.name)
  }
}

function sortKeys({ sort }: ListRead, { scopes, test }: Nest): Sql {
  const scope = scopes.at(-1)!
  const keys = sort.map(({ name, descending }) => {
    const type = [...scope.entity.fields, ...scope.entity.computed].find((each) => each.name === name)?.type.kind
    const value = readField(name, scope, test)
    const key = type === 'text' || type === 'choice' ? sql`${value} collate "C"` : value
    return descending ? sql`${key} desc` : key
  })
  // Of rows that are alike the one with the least key, which may have several columns.
  const byKey = keyColumnsOf(scope.entity, scope.index.entities).map(({ column }) => scope.row.column(column))
  return sql.join([...keys, ...byKey], ', ')
}
