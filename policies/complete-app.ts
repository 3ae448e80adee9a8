import {
  type AppDeclaration,
  type CallSite,
  completeEntities,
  completeSubscribers,
  type LoadedApp,
  type Model,
  type Problems,
  spanOfSite,
  verifySchema,
  warnOfSchema,
  withHistories,
  withTransitions,
} from '#schema'
import { completeActor } from './model/actor.ts'
import { completeAppActions } from './model/app-actions.ts'
import { completePolicies } from './model/policies.ts'
import { completeRoles } from './model/roles.ts'
import { verifyPolicies, warnOfPolicies } from './verify/verify-policies.ts'

/**
 * The model that an app's declarations come to. It is sound only when `problems` stays without errors; of a sound one there may be
 * warnings.
 */
export function completeApp(app: LoadedApp, name: string, problems: Problems): Model {
  const model = completeModel(app, name, problems)
  verifySchema(app, model, problems)
  verifyPolicies(app, model, problems)
  // What is broken would be warned of in vain.
  if (problems.list.length === 0) {
    warnOfSchema(app, model, problems)
    warnOfPolicies(app, model, problems)
  }
  // Nobody declared these, so there is nothing to verify in them.
  return withTransitions(withHistories(model))
}

type Declared<K> = Extract<AppDeclaration, { readonly kind: K | 'formulas' | 'defaults' }> & { readonly kind: K }

function completeModel(app: LoadedApp, name: string, problems: Problems): Model {
  const of = <K extends AppDeclaration['kind']>(kind: K) =>
    app.declarations
      .filter((each): each is Declared<K> => each.kind === kind)
      .map(({ declared }) => declared as Declared<K>['declared'])
  const formulas = {
    declared: [...of('formulas'), ...of('defaults')],
    span: (site: CallSite) => spanOfSite(app.sources, site),
  }
  const entities = completeEntities(of('entity'), problems, formulas, app.texts)
  const byName = new Map(entities.map((entity) => [entity.name, entity]))
  const roles = completeRoles(of('roles')[0] ?? null, problems)
  const actions = completeAppActions(of('actions')[0] ?? null, roles, problems)
  const actor = completeActor(of('actor')[0] ?? null, byName, problems)
  const policies = completePolicies(of('policy'), {
    entities: byName,
    actor,
    roles: roles.map(({ name: role }) => role),
    problems,
  })
  const listening = app.declarations.flatMap((each) =>
    each.kind === 'subscriber' ? [{ name: each.of, declared: each.declared }] : [],
  )
  const subscribers = completeSubscribers(listening, problems)
  const known = {
    ...(actions.length === 0 ? {} : { actions }),
    ...(subscribers.length === 0 ? {} : { subscribers }),
  }
  return { version: 1, app: name, entities, roles, actor, policies, ...known }
}
