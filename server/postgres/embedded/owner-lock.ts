import pg from 'pg'
import { OperatorError } from '#base'

/** Holds the claim to one cluster until it is released or this process dies. */
export interface OwnerLock {
  release(): Promise<void>
}

const lockKey = 7_236_418_209_114_001n
const retryMs = 500

/**
 * Claims the cluster for this process: whoever holds the claim may stop the server. It is an advisory lock on a connection, so it ends with the
 * process however that dies, and no number of a dead process can be mistaken for it.
 *
 * @throws DATA_FOLDER_IN_USE when another process holds it
 */
export async function lockCluster(adminUrl: string, folder: string): Promise<OwnerLock> {
  let client = await connectAndLock(adminUrl)
  if (client === null) throw inUse(folder)
  let released = false
  const keep = (current: pg.Client) => {
    current.once('end', () => {
      if (!released) setTimeout(reconnect, retryMs).unref()
    })
  }
  // Postgres restarts all sessions when one of its processes is killed; the claim is then taken up again.
  const reconnect = () => {
    if (released) return
    connectAndLock(adminUrl).then(
      (next) => {
        if (next === null) return
        if (released) return next.end()
        client = next
        keep(next)
      },
      () => setTimeout(reconnect, retryMs).unref(),
    )
  }
  keep(client)
  return {
    release: async () => {
      released = true
      await client?.end().catch(() => undefined)
    },
  }
}

async function connectAndLock(adminUrl: string): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'rowhouse owner', keepAlive: true })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query('select pg_try_advisory_lock($1) as locked', [lockKey])
  if (rows[0].locked) return client
  await client.end()
  return null
}

function inUse(folder: string): OperatorError {
  return new OperatorError(
    'DATA_FOLDER_IN_USE',
    `Another Rowhouse is running on the data in "${folder}".`,
    'Stop it first, or set ROWHOUSE_DATA to another folder: whoever stops first would stop the database of the other.',
  )
}
