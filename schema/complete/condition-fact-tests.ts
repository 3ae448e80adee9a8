import type { Comparison, Condition } from '../model/condition.ts'
import type { ActorValue, ModelPath } from '../model/model.ts'
import type { ConditionContext } from './condition-context.ts'
import { readFieldTests } from './condition-field.ts'
import { isPlainObject } from './options.ts'

/** Reads tests of a claim: `region: 'eu'`, `rank: { over: 3 }`. */
export function claimTests(
  value: ActorValue,
  given: unknown,
  path: ModelPath,
  context: ConditionContext,
): Condition | null {
  const { name } = value
  const refuse = (message: string, hint: string): null => {
    context.problems.report('CONDITION_VALUE_INVALID', { path }, message, { hint })
    return null
  }
  if (value.kind === 'reach')
    return refuse(`"${name}" is a set of rows.`, `Compare with it: { organization: actor.${name} }.`)
  if (value.kind === 'own')
    return refuse(
      `"${name}" is a field of the caller's own row.`,
      'Name the field itself: actor: { … } knows them all.',
    )
  if (structured.has(value.type.kind))
    return refuse(`"${name}" is no single value.`, 'Claims that are lists or have parts cannot be asked about.')
  const read = readFieldTests({ name, type: value.type }, given, path, context)
  return read === null
    ? null
    : ofFact(read, (test) => claimFact(test, isPlainObject(given) ? [...path, test.op] : path, context))
}

const structured: ReadonlySet<string> = new Set(['list', 'shape', 'dict', 'base64', 'period', 'embed', 'secret'])

function claimFact({ on, op, to }: Comparison, path: ModelPath, context: ConditionContext): Condition | null {
  const report = (message: string, hint: string): null => {
    context.problems.report('CONDITION_VALUE_INVALID', { path }, message, { hint })
    return null
  }
  if (to.kind === 'value' && to.value === null)
    return report(`Of who has no "${on}" no rule that names it holds.`, 'Name the values that the rule is for.')
  if (to.kind !== 'value' && to.kind !== 'list' && to.kind !== 'now')
    return report(`"${on}" is compared with a value that is written here.`, 'Write the value.')
  return { kind: 'fact', about: 'claim', on, op, to }
}

/** The same condition with each comparison turned into a fact. */
export function ofFact(condition: Condition, fact: (test: Comparison) => Condition | null): Condition | null {
  const sound = (parts: readonly Condition[]): readonly Condition[] | null => {
    const read = parts.map((each) => ofFact(each, fact))
    return read.includes(null) ? null : (read as readonly Condition[])
  }
  switch (condition.kind) {
    case 'compare':
      return fact(condition)
    case 'and': {
      const all = sound(condition.all)
      return all === null ? null : { kind: 'and', all }
    }
    case 'or': {
      const any = sound(condition.any)
      return any === null ? null : { kind: 'or', any }
    }
    case 'not': {
      const not = ofFact(condition.not, fact)
      return not === null ? null : { kind: 'not', not }
    }
    default:
      return condition
  }
}
