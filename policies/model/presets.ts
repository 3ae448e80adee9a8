import { type ConditionContext, type ConditionPlace, isPlainObject, kindOf, type Preset, readCondition } from '#schema'

/** What `sets` gives a row; empty without. A value is read as if the field were compared with it. */
export function readPresets(
  given: unknown,
  { entity, path }: ConditionPlace,
  context: ConditionContext,
): readonly Preset[] {
  if (given === undefined) return []
  const { problems } = context
  if (!isPlainObject(given) || Object.keys(given).length === 0) {
    const hint = 'Write { placedBy: actor.id }.'
    problems.report('RULE_SETS_INVALID', { path }, '"sets" does not say which field becomes what.', { hint })
    return []
  }
  return Object.entries(given).flatMap(([name, value]): readonly Preset[] => {
    const refuse = (message: string): readonly Preset[] => {
      const hint = 'Write a value, a single value of the caller, or a moment.'
      problems.report('RULE_SETS_INVALID', { path: [...path, name] }, message, { hint })
      return []
    }
    if (name === 'anyOf' || name === 'allOf' || name === 'not') return refuse(`"${name}" is no field.`)
    if (typeof value === 'object' && value !== null && (Array.isArray(value) || kindOf(value) === null))
      return refuse(`"${name}" becomes one value, no test.`)
    const read = readCondition({ [name]: value }, { entity, path }, context)
    if (read === null) return []
    if (read.kind !== 'compare' || read.op !== 'is' || read.on !== name) return refuse(`"${name}" becomes one value.`)
    const { to } = read
    if (to.kind !== 'value' && to.kind !== 'actor' && to.kind !== 'now') return refuse(`"${name}" becomes one value.`)
    return [{ name, to }]
  })
}

/** With `except` a rule covers the rest, but never what it gives by itself. Named in `only` it stays, to be refused. */
export function withoutPresets(
  given: Readonly<Record<string, unknown>>,
  fields: readonly string[] | null,
  sets: readonly Preset[],
): readonly string[] | null {
  if (fields === null || Object.hasOwn(given, 'only')) return fields
  return fields.filter((name) => !sets.some((preset) => preset.name === name))
}
