import { didYouMean, OperatorError } from '#base'
import { appName, loadConfig, loadDevKeys, type Person, readSettings } from '#server'
import { appFolder } from '../app/load-app.ts'
import type { Session } from '../session.ts'
import { personToken } from './person-token.ts'

/**
 * Prints the token of a person, alone. Needs neither a database nor a server, and disturbs none.
 *
 * @throws OperatorError PERSON_UNKNOWN when the configuration has nobody of that name
 */
export async function printToken(name: string, folder: string, session: Session): Promise<void> {
  const path = appFolder(folder)
  const settings = await readSettings({ folder: path, purpose: 'token', environment: session.environment })
  const person = find(settings.people, name)
  const keys = await loadDevKeys(settings.dataFolder)
  const app = appName(await loadConfig(path), path)
  session.terminal.print(await personToken(keys, app, person))
}

function find(people: Readonly<Record<string, Person>>, name: string): Person {
  const person = Object.hasOwn(people, name) ? people[name] : undefined
  if (person !== undefined) return person
  const names = Object.keys(people)
  const suggestion = didYouMean(name, names)
  throw new OperatorError(
    'PERSON_UNKNOWN',
    `There is no "${name}".${suggestion === null ? '' : ` Did you mean "${suggestion}"?`}`,
    names.length === 0
      ? '"rowhouse.config.ts" has no "people".'
      : `"people" in "rowhouse.config.ts" are ${names.join(', ')}.`,
  )
}
