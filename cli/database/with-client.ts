import type { ClientBase } from 'pg'
import { connect } from '#migrations'

/** Runs work on a connection of its own. */
export async function withClient<T>(url: string, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await connect(url)
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
