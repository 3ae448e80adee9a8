import type { TestDatabase } from '../../support/database.ts'

/** What a transaction of the login asks as a role that it may become. */
export interface Asked {
  readonly role: string
  readonly text: string
  readonly values?: readonly unknown[]
  readonly tenant?: string
}

/** Asks as the login of the server, which becomes the role as the server does: a migrator need not be a member of it. */
export async function askAsLogin(database: TestDatabase, { role, text, values = [], tenant = '' }: Asked) {
  const client = await database.connect(database.loginUrl)
  try {
    await client.query('begin')
    const become = "select set_config('role', $1, true), set_config('rowhouse.tenant_id', $2, true)"
    await client.query(become, [role, tenant])
    const { rows } = await client.query(text, [...values])
    await client.query('commit')
    return rows
  } finally {
    await client.end()
  }
}
