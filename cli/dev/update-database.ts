import {
  type Change,
  ensureRoleSets,
  ensureRoles,
  followModel,
  type MigrateOptions,
  makeAnew,
  migrateSystem,
} from '#migrations'
import type { VerifyOptions } from '#server'
import { migrationOf, waiting } from '../database/run-migrate.ts'
import { withClient } from '../database/with-client.ts'
import { problemsOf, verify } from '../serve/verify.ts'
import { isRecreatable, mayRecreate, type Obstacle } from './may-recreate.ts'
import type { Development } from './run-dev.ts'

/**
 * Brings the database to what the model says. Additions are made; for anything more, the embedded database is made anew if somebody says
 * so, on the terminal or with `--recreate`.
 *
 * @throws OperatorError RECREATE_NEEDED when nobody does, or the database is not ours to drop
 */
export async function updateDatabase(development: Development, recreate: boolean): Promise<void> {
  if (await isCurrent(development)) return
  await change(development, recreate)
  await verify(development.login.url, verifyOptions(development))
}

/** Whether the database can be served as it is. Makes its roles and the platform's own SQL on the way, which costs little. */
async function isCurrent(development: Development): Promise<boolean> {
  const { app, database, catalog, login } = development
  const { names, roleSets, provisioner } = migrationOf(app, catalog, database)
  try {
    await withClient(database.migrateUrl, async (client) => {
      await ensureRoles(client, { names, roles: catalog.roles, password: login.password, provisioner })
      await migrateSystem(client, names)
      await ensureRoleSets(client, names, roleSets)
    })
    return (await problemsOf(login.url, verifyOptions(development))).length === 0
  } catch (error) {
    if (isRecreatable(error)) return false
    throw error
  }
}

/** What a database is held against. */
export function verifyOptions({ app, catalog, database }: Development): VerifyOptions {
  return { appFolder: app.folder, model: app.model, catalog, names: database.names }
}

async function change(development: Development, recreate: boolean): Promise<void> {
  const { app, catalog, database, login, session } = development
  const options: MigrateOptions = {
    ...migrationOf(app, catalog, database),
    ...waiting(session),
    loginPassword: login.password,
  }
  const obstacle = await follow(development, options)
  if (obstacle === null) return
  await mayRecreate(development, obstacle, recreate)
  session.terminal.say('Making the database anew.')
  await database.recreate?.()
  await makeAnew(options)
}

/** Null when the database is what the model says now. */
async function follow({ session }: Development, options: MigrateOptions): Promise<Obstacle | null> {
  const onChanges = (changes: readonly Change[]) => {
    for (const line of changeLines(changes)) session.terminal.say(line)
  }
  try {
    const { applied, changes, followed } = await followModel({ ...options, onChanges })
    for (const name of applied) session.terminal.say(`Applied ${name}.`)
    return followed ? null : { reasons: destructive(changes), cause: null }
  } catch (error) {
    if (isRecreatable(error)) return { reasons: [error.message], cause: error }
    throw error
  }
}

const mostListed = 20

/** A line for each change, up to twenty; of a database in which there was nothing, its tables alone. */
export function changeLines(changes: readonly Change[]): readonly string[] {
  if (changes.some(isOwner)) return madeLines(changes)
  const shown = changes.slice(0, mostListed).map(({ description }) => `The model changed: ${description}.`)
  return changes.length > mostListed ? [...shown, `and ${changes.length - mostListed} more changes.`] : shown
}

/** The role that owns all else: there was nothing before it. */
function isOwner(change: Change): boolean {
  return change.kind === 'role' && change.from === null && change.to?.name === ':OWNER'
}

function madeLines(changes: readonly Change[]): readonly string[] {
  const tables = changes.flatMap((change) => (change.kind === 'table' ? (change.to?.name ?? []) : []))
  return tables.length === 0 ? [] : [`Made the tables ${tables.join(', ')}.`]
}

/** What is in the way of following, one sentence each. */
export function destructive(changes: readonly Change[]): readonly string[] {
  return changes.filter((change) => change.class === 'destructive').map((change) => change.description)
}
