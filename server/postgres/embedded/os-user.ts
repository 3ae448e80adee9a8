import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The account that Postgres runs as. */
export interface OsUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/**
 * The account that Postgres must run as, or null when it can run as ourselves. Postgres refuses to run as root, so root hands it to the owner of an
 * existing cluster, else to `postgres`, else to `nobody`.
 *
 * @param cluster folder of the cluster, which may not exist yet
 */
export function postgresUser(cluster: string): OsUser | null {
  if (process.getuid?.() !== 0) return null
  const owner = ownerOf(cluster)
  if (owner !== null && owner.uid !== 0) return owner
  const accounts = readAccounts()
  return (
    accounts.find(({ name }) => name === 'postgres') ??
    accounts.find(({ name }) => name === 'nobody') ?? { name: 'nobody', uid: 65_534, gid: 65_534 }
  )
}

/** Numbers of the accounts that root may have handed a cluster to. */
export function serviceAccounts(): readonly number[] {
  const found = readAccounts().filter(({ name }) => name === 'postgres' || name === 'nobody')
  return [...found.map(({ uid }) => uid), 65_534]
}

/** The first folder on the way to `path` that the account may not enter, or null. Folders that do not exist yet are passed over. */
export function closedFolder(path: string, user: OsUser): string | null {
  const folders: string[] = []
  for (let folder = path; ; folder = dirname(folder)) {
    folders.unshift(folder)
    if (dirname(folder) === folder) break
  }
  return folders.find((folder) => !mayEnter(folder, user)) ?? null
}

function mayEnter(folder: string, user: OsUser): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat === undefined) return true
  if (stat.uid === user.uid) return (stat.mode & 0o100) !== 0
  if (stat.gid === user.gid) return (stat.mode & 0o010) !== 0
  return (stat.mode & 0o001) !== 0
}

function ownerOf(folder: string): OsUser | null {
  const stat = statSync(folder, { throwIfNoEntry: false })
  return stat === undefined ? null : { name: `user ${stat.uid}`, uid: stat.uid, gid: stat.gid }
}

function readAccounts(): readonly OsUser[] {
  let text = ''
  try {
    text = readFileSync('/etc/passwd', 'utf8')
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    // macOS writes nobody as -2.
    return name && uid && gid ? [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }] : []
  })
}
