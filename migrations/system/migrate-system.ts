import type pg from 'pg'
import { OperatorError, sql } from '#base'
import { checkServerVersion } from '../connect/check-server-version.ts'
import { inTransaction } from '../connect/in-transaction.ts'
import { send } from '../connect/send.ts'
import { checkMigrator, lackingRights } from '../roles/migrator-rights.ts'
import { type PlatformRoles, replacePlaceholders } from '../roles/platform-roles.ts'
import { readSystemFiles, type SystemFile } from './read-system-files.ts'

/**
 * Brings the platform's own SQL in the connected database up to date: each numbered file once, in order, all in one transaction. The roles
 * must exist ({@link ensureRoles}).
 *
 * @returns names of the files that were applied now
 * @throws DATABASE_TAKEN when the database belongs to another app; nothing of it was touched
 * @throws SYSTEM_MIGRATION_CHANGED when a file differs from what was applied
 * @throws DATABASE_NEWER when the database knows files that we do not
 * @throws DATABASE_TOO_OLD, MIGRATOR_LACKS_RIGHTS
 */
export async function migrateSystem(
  client: pg.ClientBase,
  names: PlatformRoles,
  files: readonly SystemFile[] = readSystemFiles(),
): Promise<readonly string[]> {
  await checkServerVersion(client)
  await checkMigrator(client)
  try {
    return await inTransaction(client, async () => {
      await send(client, sql`select pg_advisory_xact_lock(7236418209114002)`)
      await refuseOtherApp(client, names)
      const applied = await readApplied(client)
      refuseOtherHistory(applied, files)
      const pending = files.filter(({ number }) => !applied.has(number))
      for (const file of pending) await apply(client, names, file)
      return pending.map(({ name }) => name)
    })
  } catch (error) {
    throw lackingRights(error, "apply the platform's SQL")
  }
}

/** Apps share a cluster, never a database: both would have their tables in the same schema. */
async function refuseOtherApp(client: pg.ClientBase, names: PlatformRoles): Promise<void> {
  const [schema] = await send<{ owner: string; database: string }>(
    client,
    sql`select pg_catalog.pg_get_userbyid(nspowner) as owner, current_database() as database
      from pg_catalog.pg_namespace where nspname = 'rowhouse'`,
  )
  if (schema === undefined || schema.owner === names.owner) return
  throw new OperatorError(
    'DATABASE_TAKEN',
    `The database "${schema.database}" belongs to another app: its schema "rowhouse" is owned by "${schema.owner}", not by "${names.owner}".`,
    'Check the address, or the name of the app; give each app a database of its own.',
  )
}

interface Applied {
  readonly number: number
  readonly name: string
  readonly hash: string
}

async function readApplied(client: pg.ClientBase): Promise<ReadonlyMap<number, Applied>> {
  const [table] = await send<{ exists: boolean }>(
    client,
    sql`select pg_catalog.to_regclass('rowhouse.system_migration') is not null as exists`,
  )
  if (!table!.exists) return new Map()
  const rows = await send<Applied>(
    client,
    sql`select number, name, hash from rowhouse.system_migration order by number`,
  )
  return new Map(rows.map((row) => [row.number, row]))
}

function refuseOtherHistory(applied: ReadonlyMap<number, Applied>, files: readonly SystemFile[]): void {
  for (const row of applied.values()) {
    const file = files.find(({ number }) => number === row.number)
    if (file === undefined) throw newer(row.name)
    if (file.hash !== row.hash) throw changed(file.name)
  }
}

async function apply(client: pg.ClientBase, names: PlatformRoles, file: SystemFile): Promise<void> {
  await client.query(replacePlaceholders(file.text, names))
  await client.query('reset role')
  await send(client, sql`set local role ${sql.identifier(names.owner)}`)
  await send(
    client,
    sql`insert into rowhouse.system_migration (number, name, hash)
        values (${sql.value(file.number)}, ${sql.value(file.name)}, ${sql.value(file.hash)})`,
  )
  await client.query('reset role')
}

function newer(name: string): OperatorError {
  return new OperatorError(
    'DATABASE_NEWER',
    `The database has "${name}" of the platform's SQL, which this Rowhouse does not know.`,
    'Use the newer version of Rowhouse that prepared the database.',
  )
}

function changed(name: string): OperatorError {
  return new OperatorError(
    'SYSTEM_MIGRATION_CHANGED',
    `"${name}" of the platform's SQL was applied to the database with other content.`,
    'Install Rowhouse again unchanged. In development, "rowhouse dev --recreate" or a new data folder starts afresh.',
  )
}
