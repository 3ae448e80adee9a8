import { columnFields, type Entity, toOnesOf } from '#schema'

/** Names of what a caller can give to a new row or a row that is updated at all, whatever rules say: value objects by their parts. */
export function settableNames(entity: Entity, verb: string): readonly string[] {
  const fields = columnFields(entity).filter((field) => !field.builtIn && field.numbering === null)
  const parts = [...fields, ...toOnesOf(entity)]
  return parts.filter(({ readonly }) => verb === 'create' || !readonly).map(({ name }) => name)
}

/** Why nobody gives a row that value, as the end of a sentence; null where it has no such name or can be given it. */
export function whyNotSettable(name: string, entity: Entity, verb: string): string | null {
  if (settableNames(entity, verb).includes(name)) return null
  const computed = entity.computed.some((each) => each.name === name)
  if (computed) return 'it is computed'
  const field = columnFields(entity).find((each) => each.name === name)
  if (field === undefined && toOnesOf(entity).every((each) => each.name !== name)) return null
  if (field?.builtIn === true && name === 'status' && entity.lifecycle !== null) {
    const verbs = entity.lifecycle.transitions.map((each) => each.name)
    return verbs.length === 0 ? 'it belongs to the lifecycle' : `it changes by ${verbs.join(', ')}`
  }
  if (field?.builtIn === true) return 'Postgres keeps it'
  if (field !== undefined && field.numbering !== null) return 'Postgres counts it'
  return 'it is given to a new row and stays'
}
