import type { DevKeys, ShownPerson, ShownProblem, WorkshopState } from '#server'
import { personToken } from '../people/person-token.ts'
import type { Development } from './run-dev.ts'

/**
 * What the page of GraphiQL shows of an app under development. Tokens and pieces of source are for this machine only, where the terminal has them as well.
 *
 * @param problems what keeps the files from being served as they are now
 */
export async function workshopState(
  { app, settings }: Pick<Development, 'app' | 'settings'>,
  keys: DevKeys,
  problems: readonly ShownProblem[],
): Promise<WorkshopState> {
  if (!['localhost', '127.0.0.1', '::1'].includes(settings.host))
    return { model: app.hash, problems: problems.map(withoutSource), people: null }
  const people: ShownPerson[] = []
  for (const [name, person] of Object.entries(settings.people)) {
    people.push({ name, note: person.note ?? null, token: await personToken(keys, app.model.app, person) })
  }
  return { model: app.hash, problems, people }
}

function withoutSource({ code }: ShownProblem): ShownProblem {
  return { code, text: `${code}  The terminal of rowhouse dev shows it.` }
}
