import type pg from 'pg'
import { OperatorError, sql } from '#base'
import { send } from '../connect/send.ts'

/** Turns "permission denied" of the migrator into what the operator can act on; other errors stay as they are. */
export function lackingRights(error: unknown, task: string): unknown {
  const { code, message = '' } = error as { code?: string; message?: string }
  if (code !== '42501') return error
  return new OperatorError('MIGRATOR_LACKS_RIGHTS', `The migrator may not ${task}: ${message}.`, hint, { cause: error })
}

/**
 * Lets a migrator pass that owns the database, or is superuser: only the owner can take rights from PUBLIC.
 *
 * @throws MIGRATOR_LACKS_RIGHTS
 */
export async function checkMigrator(client: pg.ClientBase): Promise<void> {
  const [row] = await send<{ name: string; database: string; owns: boolean }>(
    client,
    sql`select current_user::text as name, datname::text as database, pg_catalog.pg_has_role(current_user, datdba, 'USAGE') as owns
        from pg_catalog.pg_database where datname = current_database()`,
  )
  if (row!.owns) return
  throw new OperatorError(
    'MIGRATOR_LACKS_RIGHTS',
    `The migrator "${row!.name}" does not own the database "${row!.database}".`,
    hint,
  )
}

const hint =
  'Let ROWHOUSE_MIGRATE_URL name a login with CREATEROLE that owns the database and made the roles of the app: ' +
  'create role <migrator> login createrole createdb password …; create database <name> owner <migrator>;'
