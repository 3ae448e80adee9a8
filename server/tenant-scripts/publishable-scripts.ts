import { type Problem, RequestError } from '#base'
import { type CompiledScript, compileApart, type ScriptSet } from '#scripts'
import type { PublishableScripts } from './publishing.ts'

/** Problems of one source that are told; a few are enough to go on. */
const mostTold = 10

/** The scripts of an app as tenants may publish others for them: every source is read as files of the app are. Nothing of it is run. */
export function publishableScripts(scripts: ScriptSet): PublishableScripts {
  return {
    names: [...scripts.keys()].toSorted((a, b) => (a < b ? -1 : 1)),
    check: async (name, source) => void (await compilePublished(name, source)),
  }
}

/**
 * What runs of a source that somebody published.
 *
 * @throws RequestError VALIDATION
 */
export async function compilePublished(name: string, source: string): Promise<CompiledScript> {
  const compiled = await compileApart(name, source)
  if (compiled === null)
    throw new RequestError('VALIDATION', 'The source is too deep, or takes too long to be read.', {
      fields: ['source'],
    })
  if (compiled.script === null) throw refused(compiled.problems)
  return compiled.script
}

function refused(problems: readonly Problem[]): RequestError {
  const told = problems.slice(0, mostTold).map(({ code, message, hint, at }) => ({
    ...{ code, message, hint, line: at?.line ?? 1, column: at?.column ?? 1 },
  }))
  const [first] = told
  const message = `The source cannot be a script. Line ${first!.line}, column ${first!.column}: ${first!.message}`
  return new RequestError('VALIDATION', message, { fields: ['source'], problems: told })
}
