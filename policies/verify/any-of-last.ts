import { isPlainObject, kindOf, type ModelPath, type Verification } from '#schema'

/** `anyOf` in front of other keys reads as if they were alternatives too. */
export function warnOfAnyOfBeforeOthers({ app, problems }: Verification): void {
  for (const declaration of app.declarations) {
    if (declaration.kind !== 'policy' || declaration.of === null) continue
    for (const [title, rule] of Object.entries(declaration.declared.rules)) {
      if (!isPlainObject(rule)) continue
      for (const key of ['where', 'unless', 'becoming'])
        for (const path of misplaced(rule[key], [declaration.of, 'policy', title, key])) {
          const message = '"anyOf" stands in front of other keys: a comma means and, so they must hold as well.'
          const hint = 'Put "anyOf" last, or the other keys into it where they are alternatives.'
          problems.warn('CONDITION_ANY_OF_FIRST', { path, part: 'key' }, message, { hint })
        }
    }
  }
}

/** Shared conditions are told where they are used: they have no place of their own. */
function misplaced(given: unknown, path: ModelPath): readonly ModelPath[] {
  if (Array.isArray(given)) return given.flatMap((each, at) => misplaced(each, [...path, at]))
  if (!isPlainObject(given) || kindOf(given) !== null) return []
  const keys = Object.keys(given)
  const at = keys.indexOf('anyOf')
  const own = at !== -1 && at < keys.length - 1 ? [[...path, 'anyOf']] : []
  return [...own, ...keys.flatMap((key) => misplaced(given[key], [...path, key]))]
}
