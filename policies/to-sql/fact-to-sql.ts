import { Bug, type Sql, sql, unreachable } from '#base'
import type { Condition, Entity, Fact, FieldType } from '#schema'
import { compareValues } from './compare-to-sql.ts'
import { actorValueOf, entityOf, idColumnOf, type ModelIndex } from './model-index.ts'
import { operandOf } from './operand-of.ts'
import { existsSql, relatedRows } from './related-rows.ts'
import { setName } from './related-set.ts'
import { type CompileCondition, rowActor, type Scope, statementActor } from './scope.ts'

/**
 * A condition that is made of facts alone, as one answer for the statement: true exactly when it holds. A policy may let the
 * answer open or close the way to the rows.
 */
export function statementWideToSql(condition: Condition, scope: Scope, test: CompileCondition): Sql {
  const { gate, ...rest } = scope
  if (scope.actor !== statementActor) {
    const inner = test(condition, { ...rest, facts: true })
    return condition.kind === 'and' || condition.kind === 'or' ? sql`(${inner})` : inner
  }
  const inner = test(condition, { ...rest, actor: rowActor, facts: true })
  const answer = sql`(select ${inner})`
  return gate === undefined ? answer : gate.alone(answer)
}

/** A fact as SQL, for the row that happens to be judged. */
export function factToSql(fact: Fact, scope: Scope, test: CompileCondition): Sql {
  switch (fact.about) {
    case 'caller':
    case 'tenant':
      return rowFact(fact, scope, test)
    case 'role':
      return scope.actor.isAmong({ kind: 'roles', roles: fact.roles })
    case 'claim':
      return claimFact(fact, scope)
    case 'request':
      return requestFact(fact, scope)
    default:
      return unreachable(fact)
  }
}

/** The entity whose rows are tenants. */
export function tenantEntity(index: ModelIndex): Entity {
  const entity = [...index.entities.values()].find(({ tenancy }) => tenancy === 'self')
  if (entity === undefined) throw new Bug('No entity is the tenant.')
  return entity
}

/** The entity whose rows are callers. */
function callerEntity(index: ModelIndex): Entity {
  if (index.model.actor === null) throw new Bug('The model has no actor.')
  return entityOf(index, index.model.actor.entity)
}

type RowFact = Extract<Fact, { readonly about: 'caller' | 'tenant' }>

function rowFact({ about, where }: RowFact, scope: Scope, test: CompileCondition): Sql {
  const entity = about === 'caller' ? callerEntity(scope.index) : tenantEntity(scope.index)
  if (scope.related === 'set') {
    const set = { kind: 'fact', about, entity, where } as const
    scope.ask?.(set)
    return sql`${sql.identifier('rowhouse_private', setName(set))}()`
  }
  const rows = relatedRows(entity, scope)
  const key = rows.row.column(idColumnOf(entity, scope.index).column)
  const isIt = sql`${key} = ${about === 'caller' ? scope.actor.id() : scope.actor.tenantId()}`
  return existsSql(rows, [isIt, operandOf('and', where, { ...rows.scope, facts: false }, test)])
}

function claimFact({ on, op, to }: Extract<Fact, { readonly about: 'claim' }>, scope: Scope): Sql {
  if (on === 'id') return compareValues({ left: scope.actor.id(), op, to, type: { kind: 'uuid' } }, scope)
  const value = actorValueOf(scope.index, on)
  if (value.kind !== 'claim') throw new Bug(`"${on}" is no claim.`)
  return compareValues({ left: scope.actor.claim(on, value.type), op, to, type: value.type }, scope)
}

function requestFact({ on, op, to }: Extract<Fact, { readonly about: 'request' }>, scope: Scope): Sql {
  const left = scope.actor.request(on)
  if (on !== 'ip') {
    if (op === 'inside') throw new Bug(`Only an address lies inside of networks.`)
    return compareValues({ left, op, to, type: requestTypes[on] }, scope)
  }
  if (to.kind !== 'list' && to.kind !== 'value') throw new Bug('An address is held against networks.')
  const networks = to.kind === 'list' ? to.values : to.value === null ? [] : [to.value]
  if (networks.length === 0) return sql`false`
  const each = networks.map((network) => sql`${sql.literal(String(network))}::inet`)
  const isInside = sql`${left} <<= any (array[${sql.join(each, ', ')}])`
  return op === 'isNot' || op === 'notIn' ? sql`(${isInside}) is not true` : isInside
}

const noLimits = { min: null, max: null }
const requestTypes: Readonly<Record<Exclude<Extract<Fact, { about: 'request' }>['on'], 'ip'>, FieldType>> = {
  mfa: { kind: 'boolean' },
  hour: { kind: 'int', ...noLimits },
  weekday: { kind: 'text', format: 'string', ...noLimits, matches: null, ignoreCase: false },
  signedInFor: { kind: 'float', ...noLimits },
}
