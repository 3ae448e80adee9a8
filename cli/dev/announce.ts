import type { DevKeys } from '#server'
import { personToken } from '../people/person-token.ts'
import { type PrintedToken, readyText } from './ready-text.ts'
import type { Development } from './run-dev.ts'

/** Prints where the server is, and a token for everybody. */
export async function announce(development: Development, keys: DevKeys, url: string): Promise<void> {
  const { app, settings, database, login, session } = development
  const tokens: PrintedToken[] = []
  for (const [name, person] of Object.entries(settings.people)) {
    tokens.push({ name, token: await personToken(keys, app.model.app, person), note: person.note ?? null })
  }
  // The embedded database is the developer's own, on this machine alone; a password of another one is not ours to show.
  const databaseUrl = database.kind === 'embedded' ? database.migrateUrl : withoutPassword(login.url)
  session.terminal.print(readyText({ app: app.model.app, url, databaseUrl, tokens }))
}

function withoutPassword(address: string): string {
  const url = new URL(address)
  url.password = ''
  url.search = ''
  return url.href
}
