import type { Client } from 'pg'
import { OperatorError, quoteIdentifier, quoteLiteral, sql } from '#base'
import { checkServerVersion, type DatabasePlace, holesOf, newestFix, readRows } from '#migrations'
import { administrator, type Finding, failure, fine, warning } from './finding.ts'

interface ServerFacts {
  readonly version: string
  readonly number: number
  readonly database: string
  readonly encoding: string
  readonly collation: string | null
  readonly actual_collation: string | null
  readonly replica: boolean
  readonly read_only: boolean
  readonly now_ms: number
  readonly encrypted: boolean
  readonly usable: number
  readonly database_limit: number
}

/** The server and the database themselves, whatever the app. Empty list of further checks when the version is refused. */
export async function examineServer(
  client: Client,
  { place, poolSize }: { readonly place: DatabasePlace; readonly poolSize: number },
): Promise<{ readonly findings: readonly Finding[]; readonly isRefused: boolean; readonly major: number }> {
  const sentMs = Date.now()
  const facts = await readFacts(client)
  const localMs = (sentMs + Date.now()) / 2
  const major = Math.floor(facts.number / 10_000)
  const version = await examineVersion(client, facts)
  if (version.some(({ status }) => status === 'fail')) return { findings: version, isRefused: true, major }
  const findings = [
    ...version,
    encoding(facts, place),
    ...collation(facts),
    ...readOnly(facts),
    clock(facts.now_ms - localMs),
    encryption(facts.encrypted, place),
    connections(facts, poolSize),
    ...(await prepared(client)),
  ]
  return { findings, isRefused: false, major }
}

async function readFacts(client: Client): Promise<ServerFacts> {
  const [facts] = await readRows<ServerFacts>(
    client,
    sql`
    select split_part(current_setting('server_version'), ' ', 1) as version, current_setting('server_version_num')::int as number,
      d.datname::text as database, pg_encoding_to_char(d.encoding)::text as encoding, d.datcollversion as collation,
      pg_database_collation_actual_version(d.oid) as actual_collation, pg_is_in_recovery() as replica,
      coalesce((select true from pg_db_role_setting s where s.setdatabase in (0, d.oid) and s.setrole = 0
        and 'default_transaction_read_only=on' = any (s.setconfig)), false) as read_only,
      extract(epoch from clock_timestamp())::float8 * 1000 as now_ms,
      coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0) as usable,
      d.datconnlimit as database_limit
    from pg_database d where d.datname = current_database()`,
  )
  return facts!
}

async function examineVersion(client: Client, facts: ServerFacts): Promise<readonly Finding[]> {
  try {
    await checkServerVersion(client)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    const { message, code, hint } = error
    return [
      failure({
        area: 'environment',
        subject: 'version',
        message,
        why: 'Rules would not hold.',
        code,
        fix: { commands: [hint] },
      }),
    ]
  }
  return versionFindings(facts.version, facts.number)
}

/** What there is to say about a version that is not refused. */
export function versionFindings(version: string, number: number): readonly Finding[] {
  const holes = holesOf(number)
  if (holes.length === 0)
    return [fine('environment', 'version', `Postgres ${version} has no known hole in row security.`)]
  const major = Math.floor(number / 10_000)
  const commands = [
    `Update to Postgres ${major}.${newestFix(holes, major)} or later; data and configuration stay as they are.`,
  ]
  return holes.map(({ cve, what, unreached }) =>
    warning({
      area: 'environment',
      subject: 'version',
      message: `Postgres ${version} has ${cve}: ${what}`,
      why: unreached ?? '',
      code: 'DATABASE_TOO_OLD',
      fix: { commands },
    }),
  )
}

function encoding({ encoding: found, database }: ServerFacts, place: DatabasePlace): Finding {
  if (found === 'UTF8') return fine('database', 'encoding', 'Texts are held as UTF-8.')
  const name = quoteIdentifier(`${database}_utf8`)
  return failure({
    area: 'database',
    subject: 'encoding',
    message: `The database "${database}" holds its texts as ${found}, not as UTF8.`,
    why: 'Names and texts with letters that it lacks are refused, and checks of lengths mean something else.',
    code: 'DATABASE_ENCODING_WRONG',
    fix: {
      as: administrator(null),
      sql: [`create database ${name} owner ${quoteIdentifier(place.user)} encoding 'UTF8' template template0;`],
      commands: [
        `An encoding is never changed: name ${name} in the addresses instead; rows of the old one are exported and imported.`,
      ],
    },
  })
}

function collation({ collation: made, actual_collation: actual, database }: ServerFacts): readonly Finding[] {
  if (made === null || actual === null || made === actual) return []
  const name = quoteIdentifier(database)
  return [
    warning({
      area: 'database',
      subject: 'collation',
      message: `The database was made with version ${made} of its collation; the server has ${actual} now.`,
      why: 'Indexes over texts may be in another order than the server expects: rows are not found, or stand twice.',
      fix: {
        as: administrator(database),
        sql: [`reindex database ${name};`, `alter database ${name} refresh collation version;`],
      },
    }),
  ]
}

function readOnly({ replica, read_only: isReadOnly, database }: ServerFacts): readonly Finding[] {
  if (!replica && !isReadOnly) return []
  const base = {
    area: 'environment',
    subject: 'writes',
    why: 'Neither migrations nor mutations can run.',
    code: 'DATABASE_READ_ONLY',
  } as const
  if (replica)
    return [
      failure({
        ...base,
        message: 'The server is a replica and takes no writes.',
        fix: { commands: ['Name the primary in the addresses.'] },
      }),
    ]
  const name = quoteIdentifier(database)
  const both = [
    `alter database ${name} reset default_transaction_read_only;`,
    'alter role all reset default_transaction_read_only;',
  ]
  return [
    failure({
      ...base,
      message: `Transactions in "${database}" are read only by default.`,
      fix: { as: administrator(database), sql: both },
    }),
  ]
}

const mostSkewMs = 5000

/** @param skewMs how far the server is ahead of us */
export function clock(skewMs: number): Finding {
  if (Math.abs(skewMs) <= mostSkewMs) return fine('environment', 'clock', 'The clocks of server and machine agree.')
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  return warning({
    area: 'environment',
    subject: 'clock',
    message: `The server's clock is ${seconds} seconds ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's.`,
    why: 'Tokens end too early or too late, and rows are dated otherwise than the log.',
    fix: { commands: ['Let both follow a time server (chrony, systemd-timesyncd).'] },
  })
}

/** Whether anybody on the way could read along. */
export function encryption(isEncrypted: boolean, { host }: DatabasePlace): Finding {
  if (isEncrypted) return fine('environment', 'encryption', 'The connection is encrypted.')
  const isLocal = host.startsWith('/') || ['localhost', '[::1]', '::1'].includes(host) || host.startsWith('127.')
  if (isLocal) return fine('environment', 'encryption', 'The connection does not leave this machine.')
  return warning({
    area: 'environment',
    subject: 'encryption',
    message: `The connection to ${host} is not encrypted.`,
    why: 'Whoever is on the way reads passwords and rows, and can change them.',
    fix: {
      commands: [
        'Add ?sslmode=verify-full (and sslrootcert=… for a CA of your own) to the addresses; the server needs ssl = on.',
      ],
    },
  })
}

function connections({ usable, database_limit: limit, database }: ServerFacts, poolSize: number): Finding {
  const most = limit >= 0 ? Math.min(limit, usable) : usable
  if (poolSize + 3 <= most)
    return fine('environment', 'connections', `A pool of ${poolSize} fits into ${most} connections.`)
  const lift =
    limit >= 0 && limit < poolSize + 3 ? [`alter database ${quoteIdentifier(database)} connection limit -1;`] : []
  const raise =
    usable < poolSize + 3
      ? [`alter system set max_connections = ${quoteLiteral(String(poolSize + 20))};  -- needs a restart`]
      : []
  return warning({
    area: 'environment',
    subject: 'connections',
    message: `A pool of ${poolSize} connections, and a few for migrations, do not fit into the ${most} that there are.`,
    why: 'Requests wait for a connection and are then refused; every further server doubles it.',
    fix: { as: administrator(database), sql: [...lift, ...raise], commands: ['Or set ROWHOUSE_POOL_SIZE to less.'] },
  })
}

/** Two-phase transactions that nobody ended hold their locks for ever. */
async function prepared(client: Client): Promise<readonly Finding[]> {
  const left = await readRows<{ readonly gid: string; readonly owner: string }>(
    client,
    sql`select gid, owner::text as owner from pg_prepared_xacts
        where database = current_database() and prepared < now() - interval '1 minute' order by prepared`,
  )
  if (left.length === 0) return []
  return [
    warning({
      area: 'database',
      subject: 'transactions',
      message: `${left.length} prepared transactions have not been ended for over a minute.`,
      why: 'They hold their locks, and migrations wait for them.',
      fix: {
        as: 'as their owner or an administrator, once you know that nobody needs them',
        sql: left.map(({ gid }) => `rollback prepared ${quoteLiteral(gid)};`),
        isOptional: true,
      },
    }),
  ]
}
