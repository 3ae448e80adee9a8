import { spawn } from 'node:child_process'
import { closeSync, constants, lstatSync, openSync, renameSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { OperatorError } from '#base'
import { replaceFile } from './account-files.ts'
import type { ClusterPlace } from './cluster-place.ts'
import type { Binaries } from './find-binaries.ts'
import { freePort } from './free-port.ts'
import { settingsFile } from './init-cluster.ts'
import { isAlive, type Postmaster, readPostmaster } from './postmaster.ts'
import { processOptions, runProgram } from './run-program.ts'

/** Settings of Postgres, name → value. */
export type ServerSettings = Readonly<Record<string, string | number | boolean>>

const maxLogBytes = 10_000_000
const pollMs = 10

/**
 * The running server, started unless it runs already. One that is starting (perhaps recovering from a crash) is waited for; one that is stopping
 * is waited for and then started again.
 *
 * @throws EMBEDDED_POSTGRES_FAILED when it ends or does not become ready in time
 */
export async function startPostmaster(
  place: ClusterPlace,
  binaries: Binaries,
  settings: ServerSettings,
): Promise<{ readonly postmaster: Postmaster; readonly adopted: boolean }> {
  const deadline = Date.now() + 120_000
  for (let attempt = 0; attempt < 5; attempt++) {
    const running = await untilSettled(place, deadline)
    if (running !== null) return { postmaster: running, adopted: attempt === 0 }
    const started = await startOnce(place, binaries, settings, deadline)
    if (started !== null) return { postmaster: started, adopted: false }
  }
  throw await failed(place)
}

/** A server of this cluster in its final state, or null when there is none. */
async function untilSettled(place: ClusterPlace, deadline: number): Promise<Postmaster | null> {
  for (;;) {
    const running = await readPostmaster(place.cluster)
    if (running === null || running.status === 'ready') return running
    if (Date.now() > deadline) throw await failed(place)
    await delay(pollMs)
  }
}

/** Null when it ended before it was ready: the port was taken meanwhile, or another process started the same cluster. */
async function startOnce(
  place: ClusterPlace,
  binaries: Binaries,
  settings: ServerSettings,
  deadline: number,
): Promise<Postmaster | null> {
  await writeSettings(place, settings)
  // Nobody serves this cluster (see readPostmaster), but Postgres would believe the file if its number was reused. Should two of
  // us be here at once, the second server still finds the first by its shared memory and ends.
  await rm(join(place.cluster, 'postmaster.pid'), { force: true })
  const child = launch(place, binaries)
  let ended = false
  child.once('exit', () => (ended = true))
  child.once('error', () => (ended = true))
  while (!ended) {
    const running = await readPostmaster(place.cluster)
    if (running?.status === 'ready') return running
    if (Date.now() > deadline) throw await failed(place)
    await delay(pollMs)
  }
  return null
}

/** Detached, so that Ctrl-C in the terminal reaches us alone and requests can drain first. */
function launch(place: ClusterPlace, binaries: Binaries) {
  if ((lstatSync(place.logFile, { throwIfNoEntry: false })?.size ?? 0) > maxLogBytes) {
    renameSync(place.logFile, `${place.logFile}.1`)
  }
  const log = place.user === null ? openSync(place.logFile, 'a', 0o600) : null
  const [program, words] = commandLine(place, binaries)
  const child = spawn(program, words, {
    ...processOptions(place.user),
    cwd: place.folder,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log ?? 'ignore', log ?? 'ignore'],
  })
  if (log !== null) closeSync(log)
  child.unref()
  return child
}

/** The account opens its log itself (see account-files.ts); the shell is replaced by Postgres, and reads paths as arguments alone. */
function commandLine(place: ClusterPlace, binaries: Binaries): readonly [string, readonly string[]] {
  if (place.user === null) return [binaries.postgres, ['-D', place.cluster]]
  const script = 'umask 077 && exec "$0" -D "$1" >> "$2" 2>&1'
  return ['/bin/sh', ['-c', script, binaries.postgres, place.cluster, place.logFile]]
}

async function writeSettings(place: ClusterPlace, settings: ServerSettings): Promise<void> {
  const file = join(place.cluster, settingsFile)
  const before = await readFile(file, 'utf8').catch(() => '')
  const remembered = /^port = '(\d+)'$/m.exec(before)?.[1]
  const all: ServerSettings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    wal_level: 'logical',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %d ',
    ...settings,
    port: await freePort(remembered === undefined ? null : Number(remembered)),
  }
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
  await replaceFile(file, lines.join(''), place.user)
}

/** Ends the server as `pg_ctl stop -m fast` does: open transactions are rolled back, everything is written. */
export async function stopPostmaster(place: ClusterPlace, binaries: Binaries): Promise<void> {
  const running = await readPostmaster(place.cluster)
  if (running === null) return
  if (process.platform === 'win32') {
    // There a signal ends the process at once, without writing anything.
    await runProgram(binaries.pgCtl, ['stop', '-w', '-m', 'fast', '-D', place.cluster], {
      user: null,
      cwd: place.folder,
    })
  } else if (running.status !== 'stopping') process.kill(running.pid, 'SIGINT')
  const deadline = Date.now() + 60_000
  while (isAlive(running.pid) && (await readPostmaster(place.cluster)) !== null) {
    if (Date.now() > deadline) throw await failed(place)
    await delay(pollMs)
  }
}

async function failed(place: ClusterPlace): Promise<OperatorError> {
  const flag = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)
  const log = await readFile(place.logFile, { encoding: 'utf8', flag }).catch(() => '')
  const last = log.trim().split('\n').slice(-5).join('\n  ')
  return new OperatorError(
    'EMBEDDED_POSTGRES_FAILED',
    `The embedded Postgres did not start or stop as it should. Its log "${place.logFile}" ends with:\n  ${last}`,
    'Read the log. If the data is not needed, delete the folder and start again.',
  )
}
