import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  mkdirSync,
  openSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { OperatorError, sha256 } from '#base'
import { closedFolder, type OsUser, postgresUser } from './os-user.ts'
import { stateFolder } from './state-folder.ts'
import { refuseUnsafePlace } from './unsafe-folder.ts'

/** Where one embedded cluster keeps everything, and the account that it runs as. */
export interface ClusterPlace {
  /** Holds the rest; owned by the account, mode 0700. */
  readonly folder: string
  /** The data directory of Postgres. */
  readonly cluster: string
  /** The superuser's password, mode 0600. */
  readonly passwordFile: string
  readonly logFile: string
  /** Null: ourselves. */
  readonly user: OsUser | null
}

/** Which folder was asked for. */
export interface PlaceOptions {
  /** Folder that the cluster's own folder `postgres` goes into; made when missing. */
  readonly dataFolder: string
  /**
   * True when the folder is only a default: then data that Postgres could not reach there (below root's own home) goes to a place outside,
   * named by a hash of the folder, and stays there.
   */
  readonly mayMove: boolean
  /** For tests: the place outside. */
  readonly stateFolder?: string
}

/**
 * Finds the cluster's folder without making anything.
 *
 * @throws DATA_FOLDER_UNREACHABLE when the account that Postgres runs as cannot enter it
 */
export function findPlace(options: PlaceOptions): ClusterPlace {
  const wanted = placeIn(resolve(options.dataFolder))
  if (wanted.user === null) return wanted
  // The folder itself is made over to the account by makePlace.
  const closed = closedFolder(dirname(wanted.folder), wanted.user)
  if (closed === null) return wanted
  if (!options.mayMove) throw unreachable(wanted, closed)
  const outside = options.stateFolder ?? stateFolder(wanted.user)
  if (outside === null) throw unreachable(wanted, closed)
  return placeIn(join(outside, `data-${sha256(resolve(options.dataFolder), 12)}`))
}

/**
 * Makes the cluster's folder, for the account alone.
 *
 * @throws DATA_FOLDER_UNREACHABLE when it cannot be made or entered
 * @throws DATA_FOLDER_UNSAFE when somebody else could have prepared it
 */
export function makePlace(place: ClusterPlace): ClusterPlace {
  try {
    makeFolders(dirname(place.folder))
    refuseUnsafePlace(place)
    if (!existsSync(place.folder)) mkdirSync(place.folder, { mode: 0o700 })
    makeOver(place)
    const real = realpathSync(place.folder)
    const closed = place.user === null ? null : closedFolder(real, place.user)
    if (closed !== null) throw unreachable(place, closed)
    return placeIn(dirname(real))
  } catch (error) {
    if (error instanceof OperatorError) throw error
    throw cannotUse(place.folder, error)
  }
}

function placeIn(dataFolder: string): ClusterPlace {
  const folder = join(dataFolder, 'postgres')
  const cluster = join(folder, 'cluster')
  return {
    folder,
    cluster,
    passwordFile: join(folder, 'password'),
    logFile: join(folder, 'server.log'),
    user: postgresUser(cluster),
  }
}

/** Through a descriptor that no link leads to: the folder cannot be swapped for one in between. */
function makeOver({ folder, user }: ClusterPlace): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    if (user !== null) fchownSync(descriptor, user.uid, user.gid)
    fchmodSync(descriptor, 0o700)
  } finally {
    closeSync(descriptor)
  }
}

/** Folders on the way may be entered by everyone, whatever the umask says; those that exist are left as they are. */
function makeFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return
  makeFolders(dirname(folder))
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  if (process.getuid?.() === 0) chmodSync(folder, 0o755)
}

function unreachable(place: ClusterPlace, closed: string): OperatorError {
  return new OperatorError(
    'DATA_FOLDER_UNREACHABLE',
    `Postgres runs as "${place.user?.name}", which may not enter "${closed}", so it cannot keep its data in "${place.folder}".`,
    'Set ROWHOUSE_DATA to a folder that every user may enter, such as /var/lib/my-app, or start as an ordinary user.',
  )
}

function cannotUse(folder: string, cause: unknown): OperatorError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new OperatorError(
    'DATA_FOLDER_UNREACHABLE',
    `The data folder "${folder}" cannot be used: ${reason}.`,
    'Set ROWHOUSE_DATA to a folder of your own that can be written to.',
    { cause },
  )
}
