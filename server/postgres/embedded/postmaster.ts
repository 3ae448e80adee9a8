import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from './run-program.ts'

/** What `postmaster.pid` says about a server that is really there. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  readonly status: 'starting' | 'ready' | 'stopping'
}

/**
 * The server that runs on a cluster, or null. A pid file left by a crash is not believed: after a restart of the machine or the container its
 * number may belong to any other process.
 */
export async function readPostmaster(cluster: string): Promise<Postmaster | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid) || !(await servesCluster(pid, cluster))) return null
  const status = lines[7]?.trim()
  return {
    pid,
    port: Number(lines[3]),
    status: status === 'ready' ? 'ready' : status === 'stopping' ? 'stopping' : 'starting',
  }
}

/** True when a process with this number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function servesCluster(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === 'win32') return true
  const real = await realpath(cluster).catch(() => cluster)
  if (process.platform !== 'linux') {
    const { output } = await runProgram('ps', ['-o', 'command=', '-p', String(pid)], { user: null, cwd: '/' })
    return output.includes(real)
  }
  // Anybody may read it. The working directory tells more, but not to root without CAP_SYS_PTRACE, as in most containers.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return command.split('\0').includes(real)
}
