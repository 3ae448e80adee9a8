import type pg from 'pg'
import { OperatorError } from '#base'
import { firstSafeMinor, holesOf } from './known-holes.ts'

/** Version of a server. */
export interface ServerVersion {
  /** Such as `18.4`. */
  readonly text: string
  /** As `server_version_num`: 180004. */
  readonly number: number
  readonly major: number
}

/** Views that ask with the rights of their caller are of Postgres 15. */
const oldestMajor = 15

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
  if (major < oldestMajor) {
    throw new OperatorError(
      'DATABASE_TOO_OLD',
      `The database is Postgres ${text}; Rowhouse needs ${oldestMajor} or later.`,
      'Upgrade the server, or unset DATABASE_URL to use the embedded Postgres.',
    )
  }
  const holes = holesOf(number).filter((hole) => hole.unreached === null)
  if (holes.length === 0) return
  throw new OperatorError(
    'DATABASE_TOO_OLD',
    `Postgres ${text} has known holes in row security (${holes.map(({ cve }) => cve).join(', ')}).`,
    `Update to the latest minor release of Postgres ${major}, at least ${major}.${firstSafeMinor(major)}; data and configuration stay as they are.`,
  )
}
