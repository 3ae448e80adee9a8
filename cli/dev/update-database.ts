import { migrate } from '#migrations'
import { migrationOf, waiting } from '../database/run-migrate.ts'
import type { Development } from './run-dev.ts'

/** Brings the database to what the model says. */
export async function updateDatabase(development: Development, _recreate: boolean): Promise<void> {
  const { app, database, login, session } = development
  const result = await migrate({
    appFolder: app.folder,
    ...migrationOf(app.model, database),
    ...waiting(session),
    loginPassword: login.password,
  })
  for (const name of [...result.system, ...result.applied]) session.terminal.say(`Applied ${name}.`)
}
