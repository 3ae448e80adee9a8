import { randomBytes } from 'node:crypto'
import type { Database } from './database.ts'

/** A login of the server: what to set as its password (null: nothing), and its address. */
export interface ServerLogin {
  readonly password: string | null
  readonly url: string
}

/** The login to serve requests with. That of the embedded database gets a new password for each run; nobody else needs it. */
export function serverLogin(database: Database): ServerLogin {
  if (database.url !== null) return { password: null, url: database.url }
  const password = randomBytes(24).toString('base64url')
  const url = new URL(database.migrateUrl)
  url.username = database.names.login
  url.password = password
  return { password, url: url.href }
}
