import type { ConditionContext } from './condition-context.ts'

/** What a value that is undefined most likely was: a name that does not exist. Null for any other value. */
export function undefinedHint(given: unknown, { actor }: ConditionContext): string | null {
  if (given !== undefined) return null
  const known = ['id', ...(actor?.values.map(({ name }) => name) ?? [])].map((name) => `actor.${name}`)
  const values = actor === null ? '' : ` Known of the caller: ${known.join(', ')}.`
  return `What stands here is undefined: the name is misspelt, or nothing is exported under it.${values}`
}
