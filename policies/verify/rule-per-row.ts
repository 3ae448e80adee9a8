import { type Condition, type Entity, type ModelPath, type Rule, ruleCovers, type Verification } from '#schema'
import { leavesRow } from '../to-sql/computed-function.ts'
import { lineageOf } from '../to-sql/lineage-to-sql.ts'
import { indexModel, type ModelIndex } from '../to-sql/model-index.ts'
import { pairsToSql } from '../to-sql/pairs-to-sql.ts'
import { readsRuleRow } from '../to-sql/reads-rule-row.ts'
import { bareRow, type Scope, statementActor } from '../to-sql/scope.ts'
import { findsByIndex } from './sought-columns.ts'
import { isIndexed } from './unindexed-paths.ts'

/** Rules of reading that call a function for each row: told where no index leaves few rows to ask about. */
export function warnOfCallsPerRow({ model, entities, problems }: Verification): void {
  const index = indexModel(model)
  for (const policy of model.policies) {
    const entity = entities.get(policy.entity)
    if (entity === undefined) continue
    for (const rule of policy.rules.filter((each) => isOfReading(each, entity)))
      for (const key of ['where', 'unless'] as const) {
        const condition = rule[key]
        if (condition === null || isSpared(rule, entity, index)) continue
        for (const { path, what, instead } of callsOf(condition, entity, index)) {
          const message = `Every list calls a function for every row of the tenant: ${what}.`
          const hint = rule.effect === 'allow' ? `${instead}; or say beside it whose the row is.` : `${instead}.`
          const at = { path: [entity.name, 'policy', rule.title, key, ...path], part: 'key' } as const
          problems.warn('RULE_CALLED_PER_ROW', at, message, { hint })
        }
      }
  }
}

function isOfReading(rule: Rule, entity: Entity): boolean {
  return rule.effect !== 'reserve' && ruleCovers(entity, rule, 'read')
}

/** Of the few rows that an index finds it may be asked. A denial finds none. */
function isSpared({ effect, where }: Rule, entity: Entity, index: ModelIndex): boolean {
  return effect === 'allow' && where !== null && findsByIndex(where, { entity, index, isIndexed })
}

/** A part of a condition that becomes a call with the row's columns. */
interface Call {
  readonly path: ModelPath
  readonly what: string
  /** What an author can say instead. */
  readonly instead: string
}

const keep = 'Keep it in a field of the row, which whoever changes the other rows sets'
const equal = 'Ask for equality alone (`is`, beside others by commas): that is asked once per query'

function callsOf(condition: Condition, entity: Entity, index: ModelIndex): readonly Call[] {
  const inner = (each: Condition) => callsOf(each, entity, index)
  switch (condition.kind) {
    case 'and':
      return condition.all.flatMap(inner)
    case 'or':
      return condition.any.flatMap(inner)
    case 'not':
      return inner(condition.not)
    case 'compare': {
      const names = [condition.on, ...(condition.to.kind === 'row' ? [condition.to.name] : [])]
      const far = entity.computed.find((each) => names.includes(each.name) && leavesRow(each, entity))
      const at = condition.on.split('.')
      if (far !== undefined) return [{ path: at, what: `"${far.name}" is computed from other rows`, instead: keep }]
      const isHeld = condition.to.kind === 'row' && (condition.to.way ?? []).length > 0
      const what = `"${condition.on}" is compared with a field of another row`
      return isHeld ? [{ path: at, what, instead: keep }] : []
    }
    case 'path':
    case 'many':
      return isCalled(condition, entity, index)
        ? [
            {
              path: [condition.relation],
              what: `"${condition.relation}" is held against the row itself`,
              instead: equal,
            },
          ]
        : []
    case 'may':
    case 'fact':
      return []
  }
}

/** As `to-sql` asks for it: a set of pairs answers plain equality, once per statement. */
function isCalled(condition: Extract<Condition, { kind: 'path' | 'many' }>, entity: Entity, index: ModelIndex) {
  if (condition.where === null || !readsRuleRow(condition.where)) return false
  if (condition.kind === 'many' && lineageOf(entity, condition.relation) !== null) return true
  const scope: Scope = { index, entity, row: bareRow, actor: statementActor, related: 'set', depth: 0 }
  const asked = condition.kind === 'many' && condition.how === 'every' ? someNot(condition) : condition
  return pairsToSql(asked, scope) === null
}

function someNot(many: Extract<Condition, { kind: 'many' }>): Condition & { readonly kind: 'many' } {
  return { ...many, how: 'some', where: many.where === null ? null : { kind: 'not', not: many.where } }
}
