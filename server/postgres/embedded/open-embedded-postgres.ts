import pg from 'pg'
import { type ClusterPlace, findPlace, makePlace } from './cluster-place.ts'
import { findBinaries } from './find-binaries.ts'
import { initCluster, readPassword } from './init-cluster.ts'
import { isMarkedLeakproof, markLeakproof } from './leakproof.ts'
import { lockCluster } from './owner-lock.ts'
import { readPostmaster } from './postmaster.ts'
import { runnableBinaries } from './runnable-binaries.ts'
import { type ServerSettings, startPostmaster, stopPostmaster } from './start-postmaster.ts'
import { refuseUnsafePlace } from './unsafe-folder.ts'

/** How to open the embedded Postgres. */
export interface EmbeddedPostgresOptions {
  /** Folder that holds the cluster, in a folder `postgres` of its own. Made when missing. */
  readonly dataFolder: string
  /** True when nobody chose the folder: unreachable for Postgres, it is replaced by one outside the project. Default: false. */
  readonly mayMove?: boolean
  /** Further settings of Postgres. They hold from the next start on; an adopted server keeps its own. */
  readonly settings?: ServerSettings
  /** Mark the comparisons of `numeric` leakproof in databases made from now on. Default: true. */
  readonly leakproof?: boolean
  /** False: the cluster may be lost when the machine crashes. For tests. Default: true. */
  readonly durable?: boolean
  /** For tests: folder for copies of binaries and for data that had to move. */
  readonly stateFolder?: string
}

/** A running embedded Postgres that this process owns. */
export interface EmbeddedPostgres {
  /** URL of database `postgres` as superuser. Holds the password: never print it. */
  readonly adminUrl: string
  readonly port: number
  /** True when the server ran already: left over by a process that was killed. */
  readonly adopted: boolean
  /** True when the cluster was made just now. */
  readonly fresh: boolean
  /** Version of the server, such as `18.4`. */
  readonly version: string
  /** Folder of the cluster, its password and `server.log`. */
  readonly folder: string
  /** Stops the server. Everything that uses it must have ended before. */
  stop(): Promise<void>
}

/**
 * Opens the embedded Postgres: makes the cluster on the first start, adopts a server left over by a killed process, lets Postgres recover after
 * a crash of its own. It listens on 127.0.0.1 alone, on a free port that is kept from start to start, with a random password.
 *
 * @throws DATA_FOLDER_IN_USE when another live process opened it (use {@link findEmbeddedPostgres} to work beside it)
 * @throws DATA_FOLDER_UNREACHABLE, DATA_FOLDER_UNSAFE, DATA_FOLDER_DAMAGED, EMBEDDED_POSTGRES_MISSING, EMBEDDED_POSTGRES_BROKEN, EMBEDDED_POSTGRES_FAILED
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const durable = options.durable ?? true
  const place = makePlace(findPlace({ ...options, mayMove: options.mayMove ?? false }))
  const binaries = await runnableBinaries(findBinaries(), place.user, options.stateFolder)
  const fresh = await initCluster(place, binaries, durable)
  const password = await readPassword(place)
  const settings = { ...(durable ? {} : careless), ...options.settings }
  const { postmaster, adopted } = await startPostmaster(place, binaries, settings)
  const adminUrl = urlOf(postmaster.port, password)
  const isServed = async () => (await readPostmaster(place.cluster))?.port === postmaster.port
  const lock = await lockCluster(adminUrl, place.folder, isServed)
  const stop = async () => {
    // In this order: nobody else may claim a server that is about to stop.
    lock.leave()
    await stopPostmaster(place, binaries)
    await lock.release()
  }
  const version = await prepare(adminUrl, options.leakproof ?? true).catch(async (error) => {
    await stop()
    throw error
  })
  return { adminUrl, port: postmaster.port, adopted, fresh, version, folder: place.folder, stop }
}

/**
 * URL of database `postgres` as superuser of an embedded Postgres that another process has opened, or null when none runs. For commands beside
 * a running server, which must not stop it.
 *
 * @throws DATA_FOLDER_UNREACHABLE, DATA_FOLDER_UNSAFE, DATA_FOLDER_DAMAGED
 */
export async function findEmbeddedPostgres(options: {
  readonly dataFolder: string
  readonly mayMove?: boolean
  readonly stateFolder?: string
}): Promise<{ readonly adminUrl: string; readonly port: number; readonly folder: string } | null> {
  const place: ClusterPlace = findPlace({ ...options, mayMove: options.mayMove ?? false })
  refuseUnsafePlace(place)
  const running = await readPostmaster(place.cluster)
  if (running?.status !== 'ready') return null
  return { adminUrl: urlOf(running.port, await readPassword(place)), port: running.port, folder: place.folder }
}

const careless = { fsync: false, synchronous_commit: false, full_page_writes: false }

function urlOf(port: number, password: string): string {
  return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
}

/** Databases are copies of template1, so marks made there reach every one made later. */
async function prepare(adminUrl: string, leakproof: boolean): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    if (leakproof && !(await isMarkedLeakproof(client))) {
      await inDatabase(adminUrl, 'template1', markLeakproof)
      await markLeakproof(client)
    }
    const { rows } = await client.query('show server_version')
    return rows[0].server_version
  } finally {
    await client.end()
  }
}

async function inDatabase(adminUrl: string, name: string, task: (client: pg.Client) => Promise<void>): Promise<void> {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    await task(client)
  } finally {
    await client.end()
  }
}
