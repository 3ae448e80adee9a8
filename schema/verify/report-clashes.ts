import type { ModelPath } from '../model/model.ts'
import type { Verification } from './context.ts'

/** A name, and what becomes of it. */
export interface Named {
  /** As the author wrote it. */
  readonly name: string
  /** What becomes of it. */
  readonly as: string
  readonly path: ModelPath
}

/** Reports names of which one thing would be made. @returns the paths of those that clash with an earlier one, as JSON */
export function reportClashes({ problems }: Verification, named: readonly Named[], what: string): ReadonlySet<string> {
  const first = new Map<string, Named>()
  const told = new Set<string>()
  for (const each of named) {
    const known = first.get(each.as)
    first.set(each.as, known ?? each)
    if (known === undefined) continue
    told.add(JSON.stringify(each.path))
    const [entity, part] = each.path
    if (part === 'plural' && known.path.length === 1 && known.path[0] === entity) {
      const message = `"${known.name}" is its own plural: one row and a list of rows would be called alike.`
      const hint = `Say how a list of them is called: plural: '${known.name}List'.`
      problems.report('NAME_CLASH', { path: each.path, part: 'key' }, message, { hint })
      continue
    }
    const message = `"${each.name}" and "${known.name}" both become ${what} "${each.as}".`
    const related = { message: 'the other is declared in', path: known.path, part: 'key' } as const
    problems.report('NAME_CLASH', { path: each.path, part: 'key' }, message, { hint: 'Rename one of them.', related })
  }
  return told
}
