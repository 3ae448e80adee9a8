import { didYouMeanHint, type Verification } from '#schema'

/** Each entity has one policy that says something, and each policy an entity. */
export function verifyPolicyOfEntity({ app, model, entities, problems }: Verification): void {
  const policies = app.declarations.filter(({ kind }) => kind === 'policy')
  for (const { of } of policies) {
    if (of === null || entities.get(of)?.link === null) continue
    const declared = model.entities.filter(({ link }) => link === null).map(({ name }) => name)
    const hint = didYouMeanHint(of, declared)
    problems.report('POLICY_ENTITY_UNKNOWN', { path: [of, 'policy'] }, `The app has no entity "${of}".`, { hint })
  }
  for (const { name, link } of model.entities) {
    // Who may read and change a link follows from the rules of its ends.
    if (link !== null) continue
    const declaration = policies.find(({ of }) => of === name)
    if (declaration === undefined) {
      const hint = `Export \`policy(${name}, { … })\` from a file in policies/. Nothing is allowed unless a rule allows it.`
      problems.report('POLICY_MISSING', { path: [name], part: 'key' }, `"${name}" has no policy.`, { hint })
    } else if (declaration.kind === 'policy' && Object.keys(declaration.declared.rules).length === 0) {
      const hint = 'Write the rule of whoever may do something; nobody else may.'
      problems.report(
        'POLICY_EMPTY',
        { path: [name, 'policy'], part: 'key' },
        `The policy of "${name}" has no rules.`,
        { hint },
      )
    }
  }
}
