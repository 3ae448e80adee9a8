import pg from 'pg'
import { OperatorError } from '#base'

/** How to connect. */
export interface ConnectOptions {
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string
  /** Default: 10 seconds. */
  readonly timeoutMs?: number
}

/**
 * A connected client. Its `error` event is handled: a lost connection fails the next query instead of the process.
 *
 * @throws DATABASE_URL_INVALID, DATABASE_UNREACHABLE, DATABASE_LOGIN_REFUSED or DATABASE_MISSING, with host and port, never with the password
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<pg.Client> {
  const place = readPlace(url)
  const client = makeClient(url, options)
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    throw explainConnectError(error, place)
  }
}

/** node-postgres reads the files that an address names at once. */
function makeClient(url: string, options: ConnectOptions): pg.Client {
  try {
    return new pg.Client({
      connectionString: url,
      application_name: options.applicationName ?? 'rowhouse',
      connectionTimeoutMillis: options.timeoutMs ?? 10_000,
    })
  } catch (error) {
    throw invalidUrl(`The address of the database cannot be used: ${(error as Error).message}.`, { cause: error })
  }
}

/** Where a URL leads, without its password. */
export interface DatabasePlace {
  readonly host: string
  readonly port: string
  readonly user: string
  readonly database: string
}

/**
 * Host, port, user and database of a URL.
 *
 * @throws DATABASE_URL_INVALID when it is none; the text is not repeated, as it may hold a password
 */
export function readPlace(url: string): DatabasePlace {
  const parsed = URL.parse(url)
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw invalidUrl('The address of the database is no URL.')
  }
  const user = decode(parsed.username)
  const host = parsed.searchParams.get('host') ?? (parsed.hostname || 'localhost')
  const port = parsed.searchParams.get('port') ?? (parsed.port || '5432')
  // A port that is no number would be waited for without an end.
  if (!/^\d{1,5}$/.test(port)) throw invalidUrl('The "port" in the address of the database is no number.')
  return { host, port, user, database: decode(parsed.pathname.slice(1)) || user }
}

function invalidUrl(message: string, options?: ErrorOptions): OperatorError {
  const hint =
    'Write postgres://login:password@host:port/database, and escape special characters of the password as %XX.'
  return new OperatorError('DATABASE_URL_INVALID', message, hint, options)
}

/** Turns what node-postgres throws while connecting into what the operator can act on; other errors stay as they are. */
function explainConnectError(error: unknown, place: DatabasePlace): unknown {
  const at = `${place.host}:${place.port}`
  const { code = '', message = '' } = error as { code?: string; message?: string }
  if (code === '28P01' || code.startsWith('28')) {
    return new OperatorError(
      'DATABASE_LOGIN_REFUSED',
      `The Postgres at ${at} refuses the login "${place.user}".`,
      'Check user and password of the address, and whether pg_hba.conf lets this login in from here.',
      { cause: error },
    )
  }
  if (code === '3D000') {
    return new OperatorError(
      'DATABASE_MISSING',
      `The Postgres at ${at} has no database "${place.database}".`,
      'Make it as an administrator: create database … owner <migrator>.',
      { cause: error },
    )
  }
  const refused = /^(08|53|57P)/.test(code) || code.startsWith('E') || code === ''
  if (!refused) return error
  return new OperatorError(
    'DATABASE_UNREACHABLE',
    `No Postgres answers at ${at}${message === '' ? '' : `: ${message}`}.`,
    'Check host and port of the address, and whether the server runs and accepts connections from here.',
    { cause: error },
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
