import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { OperatorError } from '#base'

/** Holds the claim to one cluster until it is released or this process dies. */
export interface OwnerLock {
  /** Says that the server is about to stop, so that the claim is not taken up again. */
  leave(): void
  release(): Promise<void>
}

const lockKey = 7_236_418_209_114_001n
const retryMs = 500
const patienceMs = 1000
const maxAttempts = 20

/**
 * Claims the cluster for this process: whoever holds the claim may stop the server. It is an advisory lock on a connection, so it ends with the
 * process however that dies, and no number of a dead process can be mistaken for it.
 *
 * @param isServed whether the address still leads to the cluster. When Postgres is gone anybody on the machine may listen there, and ask for
 * the password.
 * @throws DATA_FOLDER_IN_USE when another process holds it
 */
export async function lockCluster(
  adminUrl: string,
  folder: string,
  isServed: () => Promise<boolean>,
): Promise<OwnerLock> {
  let client = await lockPatiently(adminUrl)
  if (client === null) throw inUse(folder)
  let leaving = false
  const keep = (current: pg.Client) => {
    current.once('end', () => {
      if (!leaving) setTimeout(() => void again(), retryMs).unref()
    })
  }
  // Postgres restarts all sessions when one of its processes is killed; the claim is then taken up again.
  const again = async () => {
    const next = leaving || !(await isServed()) ? null : await tryLock(adminUrl).catch(() => null)
    if (next === null) {
      if (!leaving) setTimeout(() => void again(), retryMs).unref()
    } else if (leaving) {
      await next.end()
    } else {
      client = next
      keep(next)
    }
  }
  keep(client)
  return {
    leave: () => {
      leaving = true
    },
    release: async () => {
      leaving = true
      await client?.end().catch(() => undefined)
    },
  }
}

/** The session of a process that was just killed may live on for a moment. */
async function lockPatiently(adminUrl: string): Promise<pg.Client | null> {
  for (let attempt = 1; ; attempt++) {
    const client = await tryLock(adminUrl)
    if (client !== null || attempt === maxAttempts) return client
    await delay(patienceMs / maxAttempts)
  }
}

async function tryLock(adminUrl: string): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'rowhouse owner', keepAlive: true })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query('select pg_try_advisory_lock($1) as locked', [lockKey])
    if (rows[0].locked) return client
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
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
