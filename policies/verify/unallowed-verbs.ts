import { type Entity, type Model, ruleCovers, rulesFor, type Verification, verbsOf } from '#schema'
import { callerWith, signedInCaller, visitor } from '../explain/caller-kind.ts'
import { verdictOf } from '../matrix/verdict.ts'

/**
 * Verbs that nobody may do. Told of reading and of what the author declared, transitions and actions: that nobody deletes a row is usual.
 * A denial that names the verb says that it is meant.
 */
export function warnOfUnallowedVerbs({ model, entities, problems }: Verification): void {
  for (const { entity: name } of model.policies) {
    const entity = entities.get(name)
    if (entity === undefined || entity.link !== null) continue
    for (const verb of ['read', ...declaredVerbs(entity)]) {
      if (isAllowedToSomebody(model, entity, verb) || isDenied(model, entity, verb)) continue
      const message = `Nobody may ${verb} a row of "${name}".`
      const hint = `Write a rule that allows it, or one that says so: \`{ deny: everyone, to: '${verb}' }\`.`
      problems.warn('POLICY_VERB_UNALLOWED', { path: [name, 'policy'], part: 'key' }, message, { hint })
    }
  }
}

function declaredVerbs({ lifecycle, actions, source }: Entity): readonly string[] {
  if (source.kind === 'report' || source.kind === 'view') return []
  return [...(lifecycle?.transitions ?? []), ...actions].map(({ name }) => name)
}

function isAllowedToSomebody(model: Model, entity: Entity, verb: string): boolean {
  const callers = [visitor, signedInCaller, ...model.roles.map(({ name }) => callerWith([name], model))]
  return (
    !verbsOf(entity).includes(verb) || callers.some((each) => verdictOf(model, entity, verb, each).answer !== 'never')
  )
}

function isDenied(model: Model, entity: Entity, verb: string): boolean {
  return rulesFor(model, entity).some(
    (rule) => rule.effect === 'deny' && rule.verbs !== 'anything' && ruleCovers(entity, rule, verb),
  )
}
