import type { Condition, Rule } from '#schema'
import type { Case, Verdict } from './back-ends.ts'
import type { Laboratory } from './database.ts'
import { judge, type Sight } from './judge.ts'
import { withoutOrphans } from './rows.ts'

/** The smallest case that was found to differ in the same way. */
export interface Least {
  readonly asked: Case
  readonly verdict: Verdict
}

/** How a case is shrunk. */
export interface Shrinking {
  readonly sight?: Sight | undefined
  /** Runs that it may take: each makes a database. */
  readonly mostRuns?: number
}

/** Leaves out callers, attempts, rules, rows and parts of conditions for as long as the difference stays. */
export async function shrink(
  laboratory: Laboratory,
  { asked, verdict }: Least,
  { sight, mostRuns = 70 }: Shrinking = {},
): Promise<Least> {
  const { caller, attempt } = verdict
  const attempts = verdict.backEnd === 'row security' && attempt.verb !== 'read' ? [attempt] : []
  let least: Least = { asked: { ...asked, callers: [caller], attempts }, verdict }
  let runs = 0
  const takes = async (smaller: Case): Promise<boolean> => {
    if (hasOrphans(smaller) || runs++ >= mostRuns) return false
    const still = await differsIn(verdict, () => judge(laboratory, smaller, { sight, only: verdict.backEnd }))
    if (still !== null) least = { asked: smaller, verdict: still }
    return still !== null
  }
  // All at once first: mostly the rules of the one entity are enough, and each run makes a database.
  if (!(await takes(onlyRulesOf(asked, attempt.entity))))
    for (const { entity } of asked.model.policies) await takes(withRules(least.asked, entity, []))
  for (const { entity, rules } of least.asked.model.policies)
    for (const rule of rules) await takes(withoutRule(least.asked, entity, rule))
  // Whoever tried something on a row saw it.
  const isTried = (entity: string, id: unknown) => entity === attempt.entity && id === attempt.row.id
  const tried = Object.entries(asked.rows).map(
    ([entity, rows]) => [entity, rows.filter(({ id }) => isTried(entity, id))] as const,
  )
  if (!(await takes({ ...least.asked, moves: [], rows: Object.fromEntries(tried) }))) {
    await takes({ ...least.asked, moves: [] })
    for (const [entity, rows] of tried) await takes({ ...least.asked, rows: { ...least.asked.rows, [entity]: rows } })
  }
  for (const [entity, rows] of Object.entries(least.asked.rows))
    for (const { id } of rows) if (!isTried(entity, id)) await takes(withoutRow(least.asked, entity, id as string))
  for (let isSmaller = true; isSmaller && runs < mostRuns; ) {
    isSmaller = false
    for (const simpler of simplerCases(least.asked)) if (!isSmaller && (await takes(simpler))) isSmaller = true
  }
  return least
}

/** Rows that a database would not hold. */
function hasOrphans({ model, rows }: Case): boolean {
  const sound = withoutOrphans(model, rows)
  return Object.entries(rows).some(([entity, each]) => each.some((row, at) => row !== sound[entity]![at]))
}

async function differsIn(verdict: Verdict, again: () => Promise<readonly Verdict[]>): Promise<Verdict | null> {
  try {
    const all = await again()
    const { backEnd, attempt } = verdict
    const isIt = (each: Verdict) =>
      each.backEnd === backEnd &&
      each.attempt.verb === attempt.verb &&
      each.attempt.row.id === attempt.row.id &&
      each.attempt.field === attempt.field &&
      each.meant === verdict.meant
    return all.find((each) => isIt(each) && each.meant !== each.found) ?? null
  } catch {
    // A part that others need was left out.
    return null
  }
}

function withRules(asked: Case, entity: string, rules: readonly Rule[]): Case {
  const policies = asked.model.policies.map((each) => (each.entity === entity ? { ...each, rules } : each))
  return { ...asked, model: { ...asked.model, policies } }
}

function onlyRulesOf(asked: Case, entity: string): Case {
  const policies = asked.model.policies.map((each) => (each.entity === entity ? each : { ...each, rules: [] }))
  return { ...asked, model: { ...asked.model, policies } }
}

function withoutRule(asked: Case, entity: string, rule: Rule): Case {
  const { rules } = asked.model.policies.find((each) => each.entity === entity)!
  return withRules(
    asked,
    entity,
    rules.filter(({ title }) => title !== rule.title),
  )
}

function withoutRow(asked: Case, entity: string, id: string): Case {
  const rows = { ...asked.rows, [entity]: asked.rows[entity]!.filter((row) => row.id !== id) }
  return { ...asked, rows }
}

/** The case with one rule simpler. */
function* simplerCases(asked: Case): Generator<Case> {
  for (const { entity, rules } of asked.model.policies)
    for (const rule of rules)
      for (const simpler of simplerRules(rule))
        yield withRules(
          asked,
          entity,
          rules.map((each) => (each === rule ? simpler : each)),
        )
}

function* simplerRules(rule: Rule): Generator<Rule> {
  for (const key of ['where', 'unless', 'becoming'] as const) {
    const condition = rule[key]
    if (condition === null || condition === 'anything') continue
    yield { ...rule, [key]: null }
    for (const simpler of simplerConditions(condition)) yield { ...rule, [key]: simpler }
  }
  if (rule.fields !== null && rule.effect !== 'reserve') yield { ...rule, fields: null }
  if (rule.sets.length > 0) yield { ...rule, sets: [] }
}

function* simplerConditions(condition: Condition): Generator<Condition> {
  switch (condition.kind) {
    case 'and':
      yield* condition.all
      return
    case 'or':
      yield* condition.any
      return
    case 'not':
      yield condition.not
      for (const not of simplerConditions(condition.not)) yield { ...condition, not }
      return
    case 'path':
      for (const where of simplerConditions(condition.where)) yield { ...condition, where }
      return
    case 'many':
      if (condition.where === null) return
      for (const where of simplerConditions(condition.where)) yield { ...condition, where }
      return
    default:
      return
  }
}
