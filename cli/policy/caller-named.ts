import { type CallerKind, callerWith, signedInCaller, visitor } from '#policies'
import type { Model } from '#schema'
import { unknownName } from '../inspect/inspection.ts'

/**
 * Somebody by the words of `--as`: a role, several with commas, `signedIn` or `visitor`.
 *
 * @throws OperatorError INSPECT_NAME_UNKNOWN
 */
export function callerNamed(words: string, model: Model): CallerKind {
  const names = words.split(',').map((name) => name.trim())
  const roles = model.roles.map(({ name }) => name)
  const [only] = names
  if (names.length === 1 && only === 'visitor' && !roles.includes(only)) return visitor
  if (names.length === 1 && only === 'signedIn' && !roles.includes(only)) return signedInCaller
  for (const name of names)
    if (!roles.includes(name)) throw unknownName(name, [...roles, 'signedIn', 'visitor'], 'role')
  return callerWith([...new Set(names)], model)
}
