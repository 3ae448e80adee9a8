import type pg from 'pg'
import { OperatorError } from '#base'

/** Version of a server. */
export interface ServerVersion {
  /** Such as `18.4`. */
  readonly text: string
  /** As `server_version_num`: 180004. */
  readonly number: number
  readonly major: number
}

const oldestMajor = 15

/**
 * First minor of each major without known holes in what row security depends on. CVE-2024-10976: row security below sub-queries kept the policies
 * of another role. CVE-2024-10978: a parallel worker read another `role` than the session's, and verbs ask for the caller by that setting.
 */
const firstSafeMinor: Readonly<Record<number, number>> = { 15: 9, 16: 5, 17: 1 }

/**
 * Version of the connected server.
 *
 * @throws DATABASE_TOO_OLD below 15, and for a minor that lacks a fix
 */
export async function checkServerVersion(client: pg.ClientBase): Promise<ServerVersion> {
  const { rows } = await client.query(
    "select current_setting('server_version') as text, current_setting('server_version_num')::int as number",
  )
  const version = { text: String(rows[0].text).split(' ')[0]!, number: rows[0].number as number }
  const major = Math.floor(version.number / 10_000)
  refuseOldVersion(version.text, version.number)
  return { ...version, major }
}

/**
 * Lets a version pass, or not.
 *
 * @throws DATABASE_TOO_OLD
 */
export function refuseOldVersion(text: string, number: number): void {
  const major = Math.floor(number / 10_000)
  const minor = number % 10_000
  if (major < oldestMajor) {
    throw new OperatorError(
      'DATABASE_TOO_OLD',
      `The database is Postgres ${text}; Rowhouse needs ${oldestMajor} or later.`,
      'Upgrade the server, or unset DATABASE_URL to use the embedded Postgres.',
    )
  }
  const safe = firstSafeMinor[major]
  if (safe === undefined || minor >= safe) return
  throw new OperatorError(
    'DATABASE_TOO_OLD',
    `Postgres ${text} has known holes in row security (CVE-2024-10976, CVE-2024-10978).`,
    `Update to the latest minor release of Postgres ${major}, at least ${major}.${safe}; data and configuration stay as they are.`,
  )
}
