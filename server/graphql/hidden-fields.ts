import { flagsOfComputed, guardedGroups, indexModel } from '#policies'
import { type Entity, type Model, toOnesOf } from '#schema'
import { idFieldName } from './api-names.ts'

/** API fields that are an error where they are hidden, each with the columns that say whether it is shown. */
export type HiddenFields = Readonly<Record<string, readonly string[]>>

/** Those of an entity whose policy says `onHidden: 'error'`; null where hidden values are null. */
export function hiddenFields(model: Model, entity: Entity): HiddenFields | null {
  const policy = model.policies.find((each) => each.entity === entity.name)
  if (policy?.onHidden !== 'error') return null
  const index = indexModel(model)
  const ones = new Map(toOnesOf(entity).map((relation) => [relation.name, idFieldName(relation)]))
  const fields = guardedGroups(entity, index).flatMap(({ names, flag }) =>
    // Of a value object all parts are hidden together.
    names.map((name) => [ones.get(name) ?? name.split('.')[0]!, [flag]] as const),
  )
  const computed = entity.computed
    .map((each) => [each.name, flagsOfComputed(each, entity, index)] as const)
    .filter(([, flags]) => flags.length > 0)
  return Object.fromEntries([...fields, ...computed])
}
