import { type Entity, ruleCovers } from '#schema'
import { actorValueOf, type ModelIndex, rulesOf } from '../to-sql/model-index.ts'
import { rulePartsOf } from '../to-sql/rule-parts.ts'
import { bareRow, statementActor } from '../to-sql/scope.ts'
import { carriedColumnAt, whyNotTold } from './carried-columns.ts'
import { type EndTest, type EndTests, splitPath } from './split-path.ts'

/**
 * Columns of an entity's to-ones, carried ones too, of which a rule says that the caller reads rows where they hold one value of its own:
 * `placed_by_id`, for `{ placedBy: actor.id }`.
 */
export function columnsOfCaller(entity: Entity, index: ModelIndex): ReadonlySet<string> {
  const scope = { index, entity, row: bareRow, actor: statementActor, related: 'set', depth: 0 } as const
  const holds = (test: EndTest) => isHeld(entity, test, index)
  const told = rulesOf(index, entity)
    .filter((rule) => rule.effect === 'allow' && ruleCovers(entity, rule, 'read'))
    .flatMap((rule) => rulePartsOf(rule, scope))
    .flatMap(({ rule }) =>
      rule.where === null ? [] : (splitPath(rule.where, [], entity, { index, holds }).told ?? []),
    )
  const columns = told.flatMap(positive).flatMap((test) => {
    const isOne = isOneValue(test, index)
    return isOne ? [carriedColumnAt(entity, test.path, index)!] : []
  })
  return new Set(columns)
}

function isHeld(entity: Entity, test: EndTest, index: ModelIndex): boolean {
  if (test.path.length < 2) return test.end === 1
  return whyNotTold(entity, test, index) === null
}

function isOneValue({ comparison: { op, to } }: EndTest, index: ModelIndex): boolean {
  if ((op !== 'is' && op !== 'in') || to.kind !== 'actor') return false
  return to.name === 'id' || actorValueOf(index, to.name).kind !== 'reach'
}

/** Those that hold where the condition does, or may. */
function positive(tests: EndTests): readonly EndTest[] {
  switch (tests.kind) {
    case 'end':
      return [tests]
    case 'and':
      return tests.all.flatMap(positive)
    case 'or':
      return tests.any.flatMap(positive)
    case 'not':
      return []
  }
}
