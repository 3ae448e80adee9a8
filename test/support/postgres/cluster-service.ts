import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect as connectSocket, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { EmbeddedPostgres } from '../../../server/postgres/embedded/index.ts'

/** The run's one embedded cluster, started when the first test file asks for it. */
export interface ClusterService {
  /** Port of this machine where test files ask for the URL. */
  readonly port: number
  close(): Promise<void>
}

const prefix = 'rowhouse-test-'

/** Lives in the main process of the test run, so that unit tests pay nothing and no two workers start a cluster each. */
export async function startClusterService(): Promise<ClusterService> {
  await removeLeftOvers()
  let opening: Promise<EmbeddedPostgres> | null = null
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  // As root Postgres runs as another user, who must be able to enter.
  chmodSync(folder, 0o755)
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    opening ??= open(folder)
    opening.then(
      ({ adminUrl }) => socket.end(JSON.stringify({ adminUrl })),
      (error: Error) => socket.end(JSON.stringify({ error: error.message })),
    )
  })
  const port = await listen(server)
  return {
    port,
    close: async () => {
      server.close()
      const cluster = await opening?.catch(() => null)
      await cluster?.stop()
      // Elsewhere when the temporary folder itself is closed to Postgres.
      if (cluster) rmSync(dirname(cluster.folder), { recursive: true, force: true })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** URL of the run's cluster as superuser. */
export function askForCluster(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(port, '127.0.0.1')
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => (text += chunk))
    socket.on('error', reject)
    socket.on('end', () => {
      const answer = JSON.parse(text) as { adminUrl?: string; error?: string }
      if (answer.adminUrl === undefined) reject(new Error(answer.error))
      else resolve(answer.adminUrl)
    })
  })
}

async function open(folder: string): Promise<EmbeddedPostgres> {
  const { openEmbeddedPostgres } = await import('../../../server/postgres/embedded/index.ts')
  return openEmbeddedPostgres({ dataFolder: folder, mayMove: true, durable: false, settings: { max_connections: 300 } })
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.unref()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

/** Clusters of runs that were killed. */
async function removeLeftOvers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0])
    if (isRunning(pid)) continue
    const folder = join(tmpdir(), name)
    stopCluster(join(folder, 'postgres', 'cluster'))
    rmSync(folder, { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function stopCluster(cluster: string): void {
  try {
    const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGQUIT')
  } catch {
    // It does not run any more.
  }
}
