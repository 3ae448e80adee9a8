import type { Client } from 'pg'
import { OperatorError, sql, toText } from '#base'
import { buildCatalog, type PlatformRoles, platformRoles, readPlace, readRows } from '#migrations'
import { findEmbeddedPostgres, type VerifyOptions } from '#server'
import { examineExtensions, examineFences, examineLeakproof, examinePaths, unmigrated } from './examine-app-database.ts'
import { examineMigrator, examineProvisioner, examineRoles, type WantedRoles } from './examine-roles.ts'
import { examineServer } from './examine-server.ts'
import { type Finding, failure, fine, warning } from './finding.ts'
import { examined, openConnection, type Which } from './open-connection.ts'
import type { Address, Surroundings } from './read-surroundings.ts'

/** The database that the settings name, or the embedded one where it runs. Writes nothing there. */
export async function examineDatabase(around: Surroundings): Promise<readonly Finding[]> {
  if (around.isExternal) return examineExternal(around)
  return examineEmbeddedDatabase(around)
}

async function examineExternal(around: Surroundings): Promise<readonly Finding[]> {
  const first = around.migrator ?? around.login
  if (first === null) return []
  const findings: Finding[] = []
  const server = await through(first, around.migrator === null ? 'login' : 'migrator', (client) =>
    serverPart(client, around, first),
  )
  findings.push(...server.findings)
  const facts = server.answer
  if (facts === null) {
    // A login that is refused says nothing about the other one; a server that is gone does.
    const isGone = findings.some(({ code }) => code === 'DATABASE_UNREACHABLE')
    if (!isGone && around.migrator !== null && around.login !== null)
      findings.push(...(await through(around.login, 'login', async () => [])).findings)
    return findings
  }
  const wanted = wantedRoles(around, facts, around.login?.place.user)
  if (around.migrator !== null && wanted !== null)
    findings.push(
      ...(await through(around.migrator, 'migrator', (client) => migratorPart(client, around, wanted))).findings,
    )
  if (around.login !== null) findings.push(...(await loginPart(around, around.login, wanted)))
  if (around.provisioner !== null && wanted !== null)
    findings.push(
      ...(await through(around.provisioner, 'provisioner', (client) => examineProvisioner(client, wanted))).findings,
    )
  return findings
}

interface DatabaseFacts {
  readonly database: string
  readonly isMigrated: boolean
  readonly major: number
}

interface Part {
  readonly findings: readonly Finding[]
  readonly answer: DatabaseFacts | null
}

/** Opens a connection for a piece of work, and closes it; what goes wrong is a finding. */
async function through(
  address: Address,
  which: Which,
  work: (client: Client) => Promise<readonly Finding[] | Part>,
): Promise<Part> {
  const connected = await openConnection(address.url, which, address.place)
  if ('finding' in connected) return { findings: [connected.finding], answer: null }
  let answer: DatabaseFacts | null = null
  const findings = await examined(connected.client, address.place, async () => {
    const result = await work(connected.client)
    if (!('findings' in result)) return result
    answer = result.answer
    return result.findings
  })
  return { findings, answer }
}

async function serverPart(client: Client, { settings }: Surroundings, { place }: Address): Promise<Part> {
  const { findings, isRefused, major } = await examineServer(client, { place, poolSize: settings.poolSize })
  return { findings, answer: isRefused ? null : await readFacts(client, major) }
}

// Not by `to_regclass`: the login may not look into every schema.
async function readFacts(client: Client, major: number): Promise<DatabaseFacts> {
  const [row] = await readRows<{ readonly database: string; readonly isMigrated: boolean }>(
    client,
    sql`select current_database()::text as database, exists (
          select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'rowhouse' and c.relname = 'catalog'
        ) as "isMigrated"`,
  )
  return { ...row!, major }
}

function wantedRoles({ app }: Surroundings, facts: DatabaseFacts, login: string | undefined): WantedRoles | null {
  if (app === null) return null
  const names = platformRoles(app.model.app, login)
  return {
    names,
    model: app.model,
    catalog: buildCatalog(app.model),
    roles: app.model.roles.map((role) => role.name),
    ...facts,
  }
}

async function migratorPart(client: Client, around: Surroundings, wanted: WantedRoles): Promise<readonly Finding[]> {
  return [
    ...(await examineMigrator(client, wanted)),
    ...(await examineRoles(client, wanted)),
    ...(await examineExtensions(client, wanted, wanted)),
    ...(await examineLeakproof(client, wanted, wanted.database)),
    ...(await examinePaths(client, around.app, wanted.database)),
    // Said by the login otherwise, which sees the same with fewer rights.
    ...(around.login === null && !wanted.isMigrated ? [unmigrated(around.folder)] : []),
  ]
}

async function loginPart(
  around: Surroundings,
  address: Address,
  wanted: WantedRoles | null,
): Promise<readonly Finding[]> {
  const options = verifyOptions(around, wanted?.names ?? null)
  const { findings } = await through(address, 'login', async (client) =>
    wanted === null || options === null
      ? [fine('database', 'login', `"${address.place.user}" can log in.`)]
      : examineFences(client, options, { ...wanted, provisioner: around.provisioner?.place.user ?? null }),
  )
  const isRefused = findings.some(({ code }) => code === 'DATABASE_LOGIN_REFUSED')
  // It is made by the first migration.
  if (isRefused && wanted !== null && !wanted.isMigrated) return [unmigrated(around.folder)]
  return findings
}

function verifyOptions({ app }: Surroundings, names: PlatformRoles | null): VerifyOptions | null {
  if (app === null || names === null) return null
  return { appFolder: app.folder, model: app.model, catalog: buildCatalog(app.model), names }
}

async function examineEmbeddedDatabase(around: Surroundings): Promise<readonly Finding[]> {
  const { settings, app } = around
  const running = await findRunning(settings.dataFolder, !settings.isDataFolderChosen)
  if (running === null) return [fine('environment', 'database', 'The embedded Postgres does not run; `dev` starts it.')]
  if (typeof running !== 'string') return [running]
  if (app === null) return []
  const url = new URL(running)
  url.pathname = `/${app.model.app}`
  const address = { url: url.href, place: readPlace(url.href) }
  const part = await through(address, 'migrator', async (client) => {
    const server = await serverPart(client, around, address)
    if (server.answer === null) return server
    const wanted = wantedRoles(around, server.answer, undefined)!
    const fences = await embeddedFences(client, around, wanted)
    return { answer: server.answer, findings: [...server.findings, ...fences] }
  })
  const isMissing = part.findings.some(({ code }) => code === 'DATABASE_MISSING')
  if (!isMissing) return part.findings
  return [
    warning({
      area: 'database',
      subject: 'database',
      message: `The embedded Postgres has no database "${app.model.app}" yet.`,
      why: 'There is nothing to look at.',
      fix: { commands: [`rowhouse dev ${around.folder}`] },
    }),
  ]
}

/** The superuser looks as the server's login, whose password nobody keeps. */
async function embeddedFences(client: Client, around: Surroundings, wanted: WantedRoles): Promise<readonly Finding[]> {
  if (!wanted.isMigrated) return [unmigrated(around.folder)]
  const before = [
    ...(await examineRoles(client, wanted)),
    ...(await examineExtensions(client, wanted, wanted)),
    ...(await examineLeakproof(client, wanted, wanted.database)),
    ...(await examinePaths(client, around.app, wanted.database)),
  ]
  if (before.some(({ code }) => code === 'ROLES_MISSING')) return before
  await client.query(toText(sql`set session authorization ${sql.identifier(wanted.names.login)}`))
  return [
    ...before,
    ...(await examineFences(client, verifyOptions(around, wanted.names)!, { ...wanted, provisioner: null })),
  ]
}

async function findRunning(dataFolder: string, mayMove: boolean): Promise<string | Finding | null> {
  try {
    return (await findEmbeddedPostgres({ dataFolder, mayMove }))?.adminUrl ?? null
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    const { code, message, hint } = error
    return failure({
      area: 'environment',
      subject: 'data folder',
      message,
      why: 'The embedded Postgres cannot be reached.',
      code,
      fix: { commands: [hint] },
    })
  }
}
