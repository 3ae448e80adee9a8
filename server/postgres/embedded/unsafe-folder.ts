import { lstatSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { OperatorError } from '#base'
import type { ClusterPlace } from './cluster-place.ts'
import { serviceAccounts } from './os-user.ts'

/**
 * Returns when nobody else can have prepared a data folder, or replace what is in it. One that is not there yet is fine.
 *
 * @param account number of one more user that may own it: the one that Postgres runs as
 * @throws DATA_FOLDER_UNSAFE
 */
export function refuseUnsafeFolder(folder: string, account: number | null = null): void {
  const found = statSync(folder, { throwIfNoEntry: false })
  // What is no folder is refused by whoever wants to use it.
  if (found?.isDirectory() !== true || process.getuid === undefined) return
  if (!owners(account).includes(found.uid)) throw unsafe(folder, `belongs to user ${found.uid}`)
  if (isOpen(found)) throw unsafe(folder, 'can be written to by others')
}

/**
 * The same for a cluster, and for the folder of its own. A link in its place is refused: whoever put it there could point it at anything, to be made over to the
 * account.
 *
 * @throws DATA_FOLDER_UNSAFE
 */
export function refuseUnsafePlace({ folder, user }: ClusterPlace): void {
  if (process.getuid === undefined) return
  refuseUnsafeFolder(dirname(folder), user?.uid ?? null)
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (found === undefined) return
  if (found.isSymbolicLink()) throw unsafe(folder, 'is a link')
  const above = statSync(dirname(folder)).uid
  const known = process.getuid() === 0 ? [above, ...serviceAccounts()] : []
  if (![...owners(null), ...known].includes(found.uid)) throw unsafe(folder, `belongs to user ${found.uid}`)
}

/** @param what is wrong with it, as the end of a sentence */
export function unsafe(path: string, what: string): OperatorError {
  return new OperatorError(
    'DATA_FOLDER_UNSAFE',
    `"${path}" ${what}, so somebody else could read or replace what Rowhouse keeps there.`,
    'Set ROWHOUSE_DATA to a folder that is yours and that nobody else can write to. If you made this one: "chown" and "chmod go-w" mend it.',
  )
}

function owners(account: number | null): readonly number[] {
  return [0, process.getuid!(), ...(account === null ? [] : [account])]
}

/** With the sticky bit, as /tmp has it, nobody can replace files of others. A group with the number of the owner is the owner's alone, by custom. */
function isOpen({ mode, uid, gid }: Stats): boolean {
  if ((mode & 0o1000) !== 0) return false
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== uid)
}
