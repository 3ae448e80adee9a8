import type { Client } from 'pg'
import { OperatorError } from '#base'
import { connect, createRole, type DatabasePlace } from '#migrations'
import { administrator, type Complaint, type Finding, failure } from './finding.ts'

const connectTimeoutMs = 5000
const examineTimeoutMs = 20_000

/** What came of connecting: a client, or why there is none. */
export type Connected = { readonly client: Client } | { readonly finding: Finding }

/** Which of the logins it is: decides what it would need. */
export type Which = 'login' | 'migrator' | 'provisioner'

/** Connects for looking alone: the session refuses to write, and gives up on whatever takes long. */
export async function openConnection(url: string, which: Which, place: DatabasePlace): Promise<Connected> {
  try {
    const client = await connect(url, { applicationName: 'rowhouse doctor', timeoutMs: connectTimeoutMs })
    await client.query('set default_transaction_read_only = on; set statement_timeout = 8000; set lock_timeout = 2000')
    return { client }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return { finding: failure(explain(error, which, place)) }
  }
}

function explain({ code, message, hint }: OperatorError, which: Which, place: DatabasePlace): Complaint {
  const base = { area: 'environment', subject: which, message, code } as const
  if (code === 'DATABASE_MISSING' && which !== 'login') {
    const sql = [
      `create database ${quoted(place.database)} owner ${quoted(place.user)} encoding 'UTF8' template template0;`,
    ]
    return { ...base, why: 'There is nothing to migrate or to serve.', fix: { as: administrator(null), sql } }
  }
  if (code === 'DATABASE_LOGIN_REFUSED' && which !== 'login') {
    const options = which === 'migrator' ? 'login createrole createdb' : 'login createrole'
    const commands = [`\\password ${quoted(place.user)}   -- in psql: the one of the address, if it has one`]
    const why = which === 'migrator' ? '`migrate` cannot run.' : 'Role sets that nobody had before cannot be made.'
    return { ...base, why, fix: { as: administrator(null), sql: createRole(place.user, options), commands } }
  }
  if (code === 'DATABASE_LOGIN_REFUSED') {
    const commands = [
      `\\password ${quoted(place.user)}   -- in psql, as the migrator, once \`rowhouse migrate\` made the login`,
    ]
    return { ...base, why: '`start` cannot run.', fix: { commands } }
  }
  return { ...base, why: 'Nothing about the database could be looked at.', fix: { commands: [hint] } }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Runs work on a client that may have stopped answering; then its finding is all there is. */
export async function examined(
  client: Client,
  place: DatabasePlace,
  work: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | null = null
  const late = new Promise<readonly Finding[]>((resolve) => {
    timer = setTimeout(() => resolve([silent(place)]), examineTimeoutMs)
  })
  const done = work().catch((error: unknown) => [broke(error, place)])
  try {
    return await Promise.race([done, late])
  } finally {
    if (timer !== null) clearTimeout(timer)
    // Not waited for: a server that is gone would never say goodbye.
    client.end().catch(() => undefined)
    const { stream } = (client as unknown as { readonly connection: { readonly stream: { unref?(): void } } })
      .connection
    stream.unref?.()
  }
}

function silent(place: DatabasePlace): Finding {
  return lost(place, `does not answer within ${examineTimeoutMs / 1000} seconds`)
}

/** Messages of Postgres may quote what they are about; a class of errors says enough. */
function broke(error: unknown, place: DatabasePlace): Finding {
  const { code } = error as { readonly code?: unknown }
  if (code === '57014' || code === '55P03')
    return lost(place, 'takes too long to answer: something holds a lock, or it is overloaded')
  if (typeof code === 'string' && /^(08|53|57P|E)/.test(code)) return lost(place, 'broke the connection')
  if (error instanceof Error && /Connection terminated/.test(error.message)) return lost(place, 'broke the connection')
  throw error
}

function lost(place: DatabasePlace, what: string): Finding {
  return failure({
    area: 'environment',
    subject: 'server',
    message: `The Postgres at ${place.host}:${place.port} ${what}.`,
    why: 'What comes after could not be looked at.',
    code: 'DATABASE_UNREACHABLE',
    fix: { commands: ['Look at its log and at pg_stat_activity, then run doctor again.'] },
  })
}
