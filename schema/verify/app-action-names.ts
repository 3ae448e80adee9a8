import { upperFirst } from '#base'
import type { Entity } from '../model/model.ts'
import type { Verification } from './context.ts'
import { derivedTypes } from './derived-types.ts'
import { reservedTypeNames } from './reserved.ts'

/** Neither the mutation of an action of the app nor a type of it is one of something else. */
export function verifyAppActionNames({ model, problems }: Verification, types: ReadonlySet<string>): void {
  const mutations = new Map(
    model.entities.flatMap((entity) => mutationsOf(entity).map((mutation) => [mutation, entity.name])),
  )
  const derived = derivedTypes(model.entities)
  const hint = 'Call the action otherwise.'
  for (const { name } of model.actions ?? []) {
    const place = { path: ['actions', name], part: 'key' } as const
    const entity = mutations.get(name)
    if (entity !== undefined) {
      const message = `"${name}" is also what the mutation of an entity is called: of "${entity}".`
      problems.report('NAME_CLASH', place, message, { hint })
      continue
    }
    const taken = appActionTypes(name).find(
      (type) => types.has(type) || derived.has(type) || reservedTypeNames.has(type),
    )
    if (taken === undefined) continue
    problems.report('NAME_CLASH', place, `GraphQL has another type "${taken}", which "${name}" would make.`, { hint })
  }
}

/** `CloseMonthInput`, `CloseMonthPayload`, `CloseMonthOutput` */
function appActionTypes(name: string): readonly string[] {
  return ['Input', 'Payload', 'Output'].map((end) => upperFirst(name) + end)
}

const verbs = ['create', 'update', 'upsert', 'delete', 'remove', 'restore', 'move']

/** Names that mutations of an entity have, or may come to have when a rule allows more. */
function mutationsOf({ name, plural, lifecycle, actions, relations }: Entity): readonly string[] {
  const transitions = (lifecycle?.transitions ?? []).map((each) => each.name)
  const ofOne = [...verbs, ...transitions, ...actions.map((each) => each.name)].map((verb) => verb + upperFirst(name))
  const ofMany = [...verbs, ...transitions].map((verb) => verb + upperFirst(plural))
  const links = relations.flatMap((each) => ['link', 'unlink'].map((verb) => `${verb}${name}${upperFirst(each.name)}`))
  return [...ofOne, ...ofMany, ...links]
}
