import { randomBytes } from 'node:crypto'
import type { ClientBase } from 'pg'
import { sql, toText } from '#base'
import {
  buildCatalog,
  connect,
  ensureRoleSets,
  ensureRoles,
  inTransaction,
  migrateSystem,
  type PlatformRoles,
  platformRoles,
  renderCatalog,
  replacePlaceholders,
  standInsFor,
} from '#migrations'
import type { Model } from '#schema'
import { withClient } from '../../database/with-client.ts'

/** A database with the tables of an app and no rows, of which each test gets a copy. */
export interface ScratchDatabase {
  readonly names: PlatformRoles
  /** Runs work on a connection of the migrator to a copy, which is dropped afterwards. */
  withCopy<T>(work: (client: ClientBase) => Promise<T>): Promise<T>
  /** Drops everything that was made. */
  close(): Promise<void>
}

/**
 * Makes it on the server of that address, with roles of its own: nothing of the app's database is touched.
 *
 * @param url of a login that makes databases and roles
 * @param roleSets combinations of roles that ask
 */
export async function makeScratchDatabase(
  model: Model,
  url: string,
  roleSets: readonly (readonly string[])[],
): Promise<ScratchDatabase> {
  const prefix = `rh_test_${randomBytes(4).toString('hex')}`
  const names = platformRoles(prefix)
  const run = (text: string) => withClient(url, (client) => client.query(text))
  const close = async () => {
    await run(toText(sql`drop database if exists ${sql.identifier(prefix)} with (force)`))
    await withClient(url, (client) => dropRoles(client, prefix))
  }
  await run(toText(sql`create database ${sql.identifier(prefix)}`))
  try {
    await fill(model, at(url, prefix), { names, roleSets })
  } catch (error) {
    await close()
    throw error
  }
  let copies = 0
  const withCopy: ScratchDatabase['withCopy'] = async (work) => {
    copies += 1
    const copy = `${prefix}_${copies}`
    await run(toText(sql`create database ${sql.identifier(copy)} template ${sql.identifier(prefix)}`))
    try {
      return await withClient(at(url, copy), work)
    } finally {
      await run(toText(sql`drop database if exists ${sql.identifier(copy)} with (force)`))
    }
  }
  return { names, withCopy, close }
}

async function fill(
  model: Model,
  url: string,
  { names, roleSets }: { readonly names: PlatformRoles; readonly roleSets: readonly (readonly string[])[] },
): Promise<void> {
  const { catalog, before } = standInsFor(buildCatalog(model), model)
  const client = await connect(url)
  try {
    await ensureRoles(client, { names, roles: catalog.roles, password: randomBytes(12).toString('hex') })
    await migrateSystem(client, names)
    await inTransaction(client, () => client.query(replacePlaceholders(`${before}\n${renderCatalog(catalog)}`, names)))
    await ensureRoleSets(client, names, roleSets)
  } finally {
    await client.end()
  }
}

/** A role that granted others goes only after them. */
async function dropRoles(client: ClientBase, prefix: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'select rolname as name from pg_catalog.pg_roles where starts_with(rolname, $1) order by length(rolname) desc',
    [`${prefix}_`],
  )
  let left = rows.map(({ name }) => name)
  for (let before = Number.POSITIVE_INFINITY; left.length > 0 && left.length < before; ) {
    before = left.length
    const stuck: string[] = []
    for (const name of left)
      await client.query(toText(sql`drop role ${sql.identifier(name)}`)).catch(() => stuck.push(name))
    left = stuck
  }
}

function at(url: string, database: string): string {
  const result = new URL(url)
  result.pathname = `/${database}`
  return result.href
}
