import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedPostgres } from '../../../server/postgres/embedded/index.ts'

/** A cluster that nobody has prepared in any way. */
export interface FreshCluster {
  /** As superuser, in database `postgres`. */
  readonly adminUrl: string
  /** Whether every login is let in without a password. */
  readonly isTrusting: boolean
  close(): Promise<void>
}

const binaries15 = '/usr/lib/postgresql/15/bin'

/** Majors whose programs are on this machine. */
export const majors: readonly number[] = existsSync(`${binaries15}/postgres`) ? [15, 18] : [18]

/** Makes one, without autovacuum, so that nothing but its clients assigns transaction ids. */
export async function freshCluster(major: number): Promise<FreshCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-doctor-'))
  chmodSync(folder, 0o755)
  if (major === 18) {
    const cluster = await openEmbeddedPostgres({
      dataFolder: folder,
      durable: false,
      leakproof: false,
      settings: { autovacuum: false, max_prepared_transactions: 2 },
    })
    const close = async () => {
      await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    }
    return { adminUrl: cluster.adminUrl, isTrusting: false, close }
  }
  const port = await freePort()
  const data = join(folder, 'data')
  const account = process.getuid?.() === 0 ? unprivileged() : {}
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid!)
  const run = (program: string, args: readonly string[]) => {
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' }
    const { status } = spawnSync(join(binaries15, program), args, { ...account, cwd: folder, env, stdio: 'ignore' })
    if (status !== 0) throw new Error(`${program} ended with ${status}.`)
  }
  run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'])
  const settings = `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c autovacuum=off -c max_prepared_transactions=2`
  run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'server.log'), '-o', settings, 'start'])
  return {
    adminUrl: `postgres://postgres@127.0.0.1:${port}/postgres`,
    isTrusting: true,
    close: async () => {
      run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  const users = lines.map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  return { uid: Number(user![2]), gid: Number(user![3]) }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
