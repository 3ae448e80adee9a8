import pg from 'pg'
import { caller } from './rows.ts'

/** Someone who asks: a role of Postgres in a tenant, and what the claim `role` says of it. */
export interface Asker {
  readonly role: string
  readonly tenant: string
  readonly claim: string
  /** Whether it signed in with a second factor. */
  readonly mfa?: boolean
}

/** A prepared statement. */
export interface Question {
  /** Of the statement: whoever asks the same by another name plans for itself. */
  readonly name: string
  readonly text: string
  readonly values: readonly (string | readonly string[])[]
}

export interface Timed {
  readonly ms: number
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** How many rows it found or wrote. */
  readonly count: number
}

/** The floor's: no row security holds for it. It has the rights and the transactions of any other. */
export const floorAsker: Asker = { role: 'bench_floor', tenant: caller.tenant, claim: '' }

/** Makes the role of {@link floorAsker}. */
export async function makeFloorAsker(admin: pg.Client): Promise<void> {
  const { role } = floorAsker
  await admin.query(`create role ${role} bypassrls; grant usage on schema app, rowhouse to ${role};
    grant select, update on all tables in schema app to ${role}; grant execute on all functions in schema rowhouse to ${role}`)
}

/** As a request does: role and claims hold for the transaction alone. Only the question's time counts. */
export async function ask(
  client: pg.Client,
  { role, tenant, claim, mfa = false }: Asker,
  question: Question,
): Promise<Timed> {
  await client.query('begin')
  const set = ['role', 'rowhouse.tenant_id', 'rowhouse.actor_id', 'rowhouse.claim_role', 'rowhouse.request_mfa']
  const all = set.map((name, at) => `set_config('${name}', $${at + 1}, true)`).join(', ')
  await client.query({
    name: 'claims',
    text: `select ${all}`,
    values: [role, tenant, caller.actor, claim, String(mfa)],
  })
  try {
    const { name, text, values } = question
    const started = performance.now()
    const { rows, rowCount } = await client.query({ name, text, values: [...values] })
    return { ms: performance.now() - started, rows, count: rowCount ?? 0 }
  } finally {
    await client.query('commit')
  }
}

/** The text with numbered parameters for its `:names`, and their values. */
export function bound(
  text: string,
  given: Readonly<Record<string, string>>,
): { readonly text: string; readonly values: readonly string[] } {
  const names: string[] = []
  const numbered = text.replaceAll(/(?<!:):([a-z]+)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name)
    return `$${names.indexOf(name) + 1}`
  })
  return { text: numbered, values: names.map((name) => given[name]!) }
}

/** A connection as superuser, which may become any role. */
export async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}
