import {
  isPlainObject,
  type ModelPath,
  type Problems,
  type Role,
  type RolesDeclaration,
  readOptions,
  readText,
} from '#schema'

/** The app's roles, in order. A role is its note, or `{ note, includes, publishesScripts, managesJobs }`. */
export function completeRoles(declared: RolesDeclaration | null, problems: Problems): readonly Role[] {
  return Object.entries(declared?.roles ?? {}).map(([name, given]) => {
    const path: ModelPath = ['roles', name]
    if (typeof given === 'string') return { name, note: readText(given, path, problems), includes: [] }
    if (!isPlainObject(given)) {
      problems.report('OPTION_INVALID', { path }, `"${name}" must be a note in quotes, or { note, includes }.`)
      return { name, note: null, includes: [] }
    }
    const options = readOptions(given, path, problems)
    const role = { name, note: options.text('note'), includes: readIncludes(options.raw('includes'), path, problems) }
    const publishes = options.flag('publishesScripts')
    const manages = options.flag('managesJobs')
    options.done()
    return {
      ...role,
      ...(publishes ? { publishesScripts: true as const } : {}),
      ...(manages ? { managesJobs: true as const } : {}),
    }
  })
}

function readIncludes(given: unknown, path: ModelPath, problems: Problems): readonly string[] {
  if (given === undefined) return []
  if (Array.isArray(given) && given.length > 0 && given.every((name) => typeof name === 'string')) return given
  const message = '"includes" must be a list of roles.'
  problems.report('OPTION_INVALID', { path: [...path, 'includes'] }, message)
  return []
}
