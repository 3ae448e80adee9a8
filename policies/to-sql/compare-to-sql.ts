import { Bug, type Sql, sql, unreachable } from '#base'
import {
  type Comparison,
  type FieldType,
  type HeldColumn,
  isNativeList,
  isZoneless,
  type Operand,
  type Operator,
  type Preset,
} from '#schema'
import { computedValue } from './computed-function.ts'
import { actorValueOf, columnOf, entityOf, idColumnOf, toOneOf } from './model-index.ts'
import { momentToSql } from './moment-to-sql.ts'
import { ownColumn } from './own-query.ts'
import { operandType, valueType } from './postgres-type.ts'
import { reachGuess, valueGuess } from './reach-guess.ts'
import { reachType } from './reach-ways.ts'
import { relatedRows, valueOfSql } from './related-rows.ts'
import { type CompileCondition, reachRows, rowActor, type Scope } from './scope.ts'
import { arrayLiteral } from './structure-literal.ts'
import { throughUtc, usual } from './through-utc.ts'
import { heldLiteral } from './typed-literal.ts'

/**
 * A comparison as SQL that is true exactly when the comparison holds; where it does not it is false or null. The negative
 * operators are never null: they are the exact complements of the positive ones.
 */
export function compareToSql(comparison: Comparison, scope: Scope, test: CompileCondition): Sql {
  const { value: left, held: stored } = readName(comparison.on, scope, test)
  const { op, to } = comparison
  const held = { ...stored, type: comparedType(stored.type, op) }
  if (isListOperator(op)) return listTestToSql(left, op, comparison, scope)
  if (to.kind === 'actor' && isReach(to, scope)) {
    const within = inArray(left, op, reachOf(to.name, scope))
    return scope.guess !== undefined && !isComplement(op) ? sql`(${within} and ${reachGuess(left, to.name)})` : within
  }
  const compared = compareHeld({ left, op, to, held }, { scope, test })
  if (scope.guess !== 'all' || to.kind !== 'actor' || (op !== 'is' && op !== 'in')) return compared
  const value = operand(to, held, { scope: { ...scope, actor: rowActor }, test })
  return sql`(${compared} and ${valueGuess(left, value)})`
}

/** A value that is in no column, compared: of the caller, or of the request. */
export function compareValues(
  { left, op, to, type }: { readonly left: Sql; readonly op: Operator; readonly to: Operand; readonly type: FieldType },
  scope: Scope,
): Sql {
  if (isListOperator(op)) throw new Bug(`"${op}" is about fields that hold lists.`)
  const held = { name: '', column: '', type, columnType: null }
  return compareHeld({ left, op, to, held }, { scope })
}

interface HeldComparison {
  readonly left: Sql
  readonly op: Exclude<Operator, ListOperator>
  readonly to: Operand
  /** Type with which both sides are compared. */
  readonly held: HeldColumn
}

function compareHeld({ left, op, to, held }: HeldComparison, within: Within): Sql {
  const { type } = held
  if (to.kind === 'list')
    return inList(
      left,
      op,
      to.values.map((value) => heldLiteral(value, held)),
    )
  if (to.kind === 'value' && to.value === null) return compareNull(left, op)
  const right = operand(to, held, within)
  // Of two missing values none is known to be the other.
  const isColumn = to.kind === 'row' || to.kind === 'was'
  if (isColumn && (op === 'isNot' || op === 'notIn')) return sql`(${left} = ${right}) is not true`
  return compareScalar({ left, op, right, type })
}

interface Within {
  readonly scope: Scope
  /** Left out: computed fields are not read. */
  readonly test?: CompileCondition | undefined
}

/** A field, to-one relation or computed field of the row. */
function readName(
  name: string,
  scope: Scope,
  test: CompileCondition | undefined,
): { readonly value: Sql; readonly held: HeldColumn } {
  const computed = scope.entity.computed.find((each) => each.name === name)
  if (computed === undefined || test === undefined) {
    const held = columnOf(scope.entity, name, scope.index)
    return { value: scope.row.column(held.column), held }
  }
  const held = { name, column: name, type: computed.type, columnType: null }
  return { value: computedValue(computed, scope, test), held }
}

type ListOperator = Extract<Operator, 'has' | 'hasAny' | 'hasAll' | 'empty'>

function isListOperator(op: Operator): op is ListOperator {
  return op === 'has' || op === 'hasAny' || op === 'hasAll' || op === 'empty'
}

/** Tests of elements; false or null where there is no list at all. */
function listTestToSql(left: Sql, op: ListOperator, { on, to }: Comparison, scope: Scope): Sql {
  const held = columnOf(scope.entity, on, scope.index)
  const { type } = held
  if (op === 'empty') {
    const isEmpty = emptyToSql(left, type)
    return to.kind === 'value' && to.value === true ? isEmpty : sql`not (${isEmpty})`
  }
  if (type.kind !== 'list') throw new Bug(`"${on}" is no list.`)
  if (op === 'has' && to.kind !== 'list')
    return sql`${operand(to, { ...held, type: type.of, columnType: null }, { scope })} = any (${left})`
  if (to.kind !== 'list') throw new Bug(`"${op}" of "${on}" needs a list of values.`)
  const values = arrayLiteral(to.values, type.of)
  return op === 'hasAll' ? sql`${left} @> ${values}` : sql`${left} && ${values}`
}

function emptyToSql(left: Sql, type: FieldType): Sql {
  if (type.kind === 'base64') return sql`octet_length(${left}) = 0`
  if (type.kind === 'dict') return sql`${left} = '{}'::jsonb`
  return type.kind === 'list' && isNativeList(type) ? sql`cardinality(${left}) = 0` : sql`${left} = '[]'::jsonb`
}

/** A period meets days or instants, but overlaps a period. */
function comparedType(held: FieldType, op: Operator): FieldType {
  return held.kind === 'period' && op !== 'overlaps' ? { kind: held.of } : held
}

function isReach(to: { readonly name: string }, scope: Scope): boolean {
  return to.name !== 'id' && actorValueOf(scope.index, to.name).kind === 'reach'
}

function reachOf(name: string, scope: Scope): Sql {
  const value = actorValueOf(scope.index, name)
  if (value.kind !== 'reach') throw new Bug(`"${name}" is no reach set.`)
  return scope.reachViews?.has(name) === true ? reachRows(name) : scope.actor.reach(name, reachType(value, scope.index))
}

/** A value, a value of the caller or a moment, as a column keeps it: what a rule gives a row. */
export function givenToSql({ name, to }: Preset, scope: Scope, test: CompileCondition): Sql {
  return operand(to, columnOf(scope.entity, name, scope.index), { scope, test })
}

function operand(to: Exclude<Operand, { kind: 'list' }>, held: HeldColumn, { scope, test }: Within): Sql {
  const { type } = held
  if (to.kind === 'value') return to.value === null ? sql`null` : heldLiteral(to.value, held)
  if (to.kind === 'now') return momentToSql(to.by, held)
  if (to.kind === 'row') return otherColumn(to, held, { scope, test })
  if (to.kind === 'was') {
    if (scope.before === undefined) throw new Bug('Only a change of a row knows what was before.')
    return otherColumn({ name: to.name }, held, { scope: { ...scope, row: scope.before }, test })
  }
  if (to.name === 'id') return scope.actor.id()
  const value = actorValueOf(scope.index, to.name)
  if (value.kind === 'reach') return reachOf(to.name, scope)
  if (value.kind === 'own') return throughUtc(scope.actor.own(to.name), ownColumn(value, scope.index), held)
  // An amount is read in the unit of the column that it meets.
  const read = type.kind === 'money' && value.type.kind === 'money' ? type : value.type
  return claimFor(held, scope.actor.claim(to.name, read))
}

/** A field of the row, of the row that the rule is about, or of one that to-one relations lead to from there. */
function otherColumn(
  { name, way = [], of }: Omit<Extract<Operand, { kind: 'row' }>, 'kind'>,
  held: HeldColumn,
  { scope, test }: Within,
): Sql {
  const from = of === 'rule' ? { ...scope, ...scope.rule } : scope
  const [first, ...rest] = way
  if (first === undefined) {
    const other = readName(name, from, test)
    return throughUtc(other.value, other.held, held)
  }
  if (scope.related === 'set') throw new Bug('A policy reads no other table.')
  const relation = toOneOf(from.entity, first)
  const rows = relatedRows(entityOf(scope.index, relation.to), { ...from, depth: scope.depth })
  const key = rows.row.column(idColumnOf(rows.scope.entity, scope.index).column)
  // At that level the row itself is meant.
  const inner = { ...rows.scope, rule: { entity: rows.scope.entity, row: rows.row } }
  const value = otherColumn({ name, way: rest }, held, { scope: inner, test })
  return valueOfSql(rows, sql`${key} = ${from.row.column(relation.column)}`, value)
}

/** A claim as the column that it meets needs it; its own type is the usual one. */
function claimFor({ columnType, type }: HeldColumn, claim: Sql): Sql {
  if (columnType === null) return claim
  if (isZoneless({ columnType })) return throughUtc(claim, usual, { columnType })
  const wanted = operandType({ columnType, type })
  return wanted === valueType(type) ? claim : sql`${claim}::${sql.raw(wanted)}`
}

function compareNull(left: Sql, op: Operator): Sql {
  if (op === 'is') return sql`${left} is null`
  if (op === 'isNot') return sql`${left} is not null`
  // Every other comparison with null is false, and `notIn` its complement.
  return sql.literal(op === 'notIn')
}

function inList(left: Sql, op: Operator, values: readonly Sql[]): Sql {
  const negative = op === 'notIn' || op === 'isNot'
  if (values.length === 0) return sql.literal(negative)
  const within = sql`${left} in (${sql.join(values, ', ')})`
  return negative ? sql`(${within}) is not true` : within
}

function isComplement(op: Operator): boolean {
  return op === 'notIn' || op === 'isNot'
}

function inArray(left: Sql, op: Operator, array: Sql): Sql {
  const within = sql`${left} = any (${array})`
  return isComplement(op) ? sql`(${within}) is not true` : within
}

interface ScalarComparison {
  readonly left: Sql
  readonly op: Exclude<Operator, ListOperator>
  readonly right: Sql
  readonly type: FieldType
}

function compareScalar({ left, op, right, type }: ScalarComparison): Sql {
  switch (op) {
    case 'is':
    case 'in':
      return sql`${left} = ${right}`
    case 'isNot':
    case 'notIn':
      return sql`${left} is distinct from ${right}`
    case 'under':
      return sql`${ordered(left, type)} < ${right}`
    case 'atMost':
      return sql`${ordered(left, type)} <= ${right}`
    case 'over':
      return sql`${ordered(left, type)} > ${right}`
    case 'atLeast':
      return sql`${ordered(left, type)} >= ${right}`
    // Functions, not LIKE: `%`, `_` and `\` in a value are letters like any other.
    case 'startsWith':
      return sql`starts_with(${left}, ${right})`
    case 'contains':
      return sql`strpos(${left}, ${right}) > 0`
    case 'endsWith':
      return sql`right(${left}, char_length(${right})) = ${right}`
    case 'covers':
      return sql`${left} @> ${right}`
    case 'overlaps':
      return sql`${left} && ${right}`
    // A range is stored up to, but without, its upper bound: days too. An open end is null, and never before or after anything.
    case 'endsBefore':
      return sql`upper(${left}) <= ${right}`
    case 'startsAfter':
      return sql`lower(${left}) > ${right}`
    case 'within':
      throw new Bug('`within` is about rows of a tree.')
    default:
      return unreachable(op)
  }
}

/** Text is ordered by code point, so that a rule means the same in every database, whatever its locale. */
function ordered(left: Sql, type: FieldType): Sql {
  return type.kind === 'text' || type.kind === 'choice' ? sql`${left} collate "C"` : left
}
