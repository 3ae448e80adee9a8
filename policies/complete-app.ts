import { type AppDeclaration, completeEntities, type LoadedApp, type Model, type Problems, verifySchema } from '#schema'
import { completeActor } from './model/actor.ts'
import { completePolicies } from './model/policies.ts'
import { completeRoles } from './model/roles.ts'
import { verifyPolicies } from './verify/verify-policies.ts'

/** The model that an app's declarations come to. It is sound only when `problems` stays empty. */
export function completeApp(app: LoadedApp, name: string, problems: Problems): Model {
  const model = completeModel(app, name, problems)
  verifySchema(app, model, problems)
  verifyPolicies(app, model, problems)
  return model
}

function completeModel(app: LoadedApp, name: string, problems: Problems): Model {
  const of = <K extends AppDeclaration['kind']>(kind: K) =>
    app.declarations
      .filter((each): each is Extract<AppDeclaration, { readonly kind: K }> => each.kind === kind)
      .map(({ declared }) => declared as Extract<AppDeclaration, { readonly kind: K }>['declared'])
  const entities = completeEntities(of('entity'), problems)
  const byName = new Map(entities.map((entity) => [entity.name, entity]))
  const roles = completeRoles(of('roles')[0] ?? null, problems)
  const actor = completeActor(of('actor')[0] ?? null, byName, problems)
  const policies = completePolicies(of('policy'), { entities: byName, actor, problems })
  return { version: 1, app: name, entities, roles, actor, policies }
}
