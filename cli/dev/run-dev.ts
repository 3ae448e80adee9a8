import { buildCatalog, type Catalog, readPlace } from '#migrations'
import type { LoadedModel } from '#policies'
import { loadDevKeys, readSettings, type Settings } from '#server'
import { loadApp } from '../app/load-app.ts'
import { writeTypes } from '../app/write-types.ts'
import { Closing } from '../closing.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open-database.ts'
import { fillReports } from '../database/run-refresh.ts'
import { seedDatabase } from '../database/seed-database.ts'
import { type ServerLogin, serverLogin } from '../database/server-login.ts'
import { sayWarnings } from '../output/warnings.ts'
import { checkPeople } from '../people/check-people.ts'
import { checkPort } from '../serve/check-port.ts'
import { checkRoles } from '../serve/check-roles.ts'
import { serveUntilStopped } from '../serve/serve-until-stopped.ts'
import type { Session } from '../session.ts'
import { StopSignals } from '../stop-signals.ts'
import { announce } from './announce.ts'
import { DevJobs } from './dev-jobs.ts'
import { Generation } from './generations/generation.ts'
import { serveDevelopment } from './serve-development.ts'
import { updateDatabase } from './update-database.ts'
import { watchApp } from './watch/watch-app.ts'

/** What `dev` was told. */
export interface DevOptions {
  readonly folder: string
  /** Make the embedded database anew instead of asking, when the model changed in more than additions. */
  readonly recreate: boolean
}

/** An app under development: what every step of a start needs. */
export interface Development {
  readonly app: Pick<LoadedModel, 'folder' | 'model' | 'hash'>
  /** Lowered from the model. */
  readonly catalog: Catalog
  readonly settings: Settings
  readonly database: Database
  readonly login: ServerLogin
  readonly session: Session
}

/** `rowhouse dev <folder>`: everything up to a server that answers, until somebody stops it. */
export async function runDev(options: DevOptions, session: Session): Promise<void> {
  const stops = new StopSignals()
  const closing = new Closing()
  try {
    const { app, settings } = await prepare(options.folder, session)
    stops.check()
    // It loads while Postgres starts; should this fail, it is said where the server is needed.
    const generation = new Generation({ say: session.terminal.say })
    closing.add(() => generation.abandon())
    const database = await openDatabase(app.model.app, settings, false)
    closing.add(() => database.close())
    const catalog = buildCatalog(app.model)
    const development = { app, catalog, settings, database, login: serverLogin(database), session }
    await fillDatabase(development, options, stops)
    const keys = await loadDevKeys(settings.dataFolder)
    const server = await serveDevelopment(development, keys, generation)
    const jobs = new DevJobs(development)
    closing.add(() => jobs.close())
    void jobs.follow(app.model)
    const reloads = watchApp(development, keys, { server, jobs })
    closing.add(() => reloads.close())
    // A stop that was asked for meanwhile is heard right behind.
    await announce(development, keys, server.url)
    const onStop = () => {
      session.terminal.say('Stopping when running requests are answered. Ctrl-C again hurries.')
      reloads.stop()
    }
    await serveUntilStopped({ server, stops, session, onStop })
  } finally {
    await closing.close()
    stops.close()
  }
}

/** What can be wrong without a database is found out first. */
async function prepare(folder: string, session: Session): Promise<Pick<Development, 'app' | 'settings'>> {
  const app = await loadApp(folder, session)
  const settings = await readSettings({ folder: app.folder, purpose: 'dev', environment: session.environment })
  checkPeople(app.model, settings.people)
  checkRoles(app.model, settings)
  await checkPort(settings.host, settings.port)
  sayWarnings(app, session)
  if (await writeTypes(app)) session.terminal.say('Wrote .rowhouse/types.d.ts.')
  return { app, settings }
}

async function fillDatabase(development: Development, options: DevOptions, stops: StopSignals): Promise<void> {
  const { database, session } = development
  if (database.state === 'made') session.terminal.say('Made a database for the app.')
  if (database.movedTo !== null)
    session.terminal.say(`Postgres cannot enter the app folder; the data is in ${database.movedTo}.`)
  if (database.state === 'adopted') session.terminal.say('Took over the Postgres that a killed process left running.')
  if (database.kind === 'external')
    session.terminal.say(
      `Works on your database ${addressOf(database.migrateUrl)}: what the model adds is added there.`,
    )
  stops.check()
  await updateDatabase(development, options.recreate)
  stops.check()
  await seed(development)
  stops.check()
  await fillReports(development.app, database, session)
  stops.check()
}

/** Rows of a database that is not ours may be real ones: only `rowhouse seed` writes beside them. */
async function seed({ app, settings, database, session }: Development): Promise<void> {
  const seeded = await seedDatabase({ ...app, settings }, database, { onlyEmpty: database.kind === 'external' })
  if (seeded?.kind === 'seeded') session.terminal.say(`Seeded ${seeded.rows} rows.`)
  if (seeded?.kind === 'occupied')
    session.terminal.say('Not seeded, because your database holds tenants already. `rowhouse seed` does it.')
}

/** Without anything secret. */
function addressOf(url: string): string {
  const { database, host, port } = readPlace(url)
  return `"${database}" at ${host}:${port}`
}
