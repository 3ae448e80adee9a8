import { access, constants, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findPlace, type PlaceOptions } from './cluster-place.ts'
import { findBinaries } from './find-binaries.ts'
import { runProgram } from './run-program.ts'
import { refuseUnsafePlace } from './unsafe-folder.ts'

/** What there is of an embedded Postgres, without starting or making anything. */
export interface EmbeddedLook {
  /** Folder of the cluster and what belongs to it; it need not exist. */
  readonly folder: string
  /** Version of the programs, such as `18.4`; null when they do not run as they were installed. */
  readonly version: string | null
  /** Major version of the cluster that is there; null without one. */
  readonly clusterMajor: number | null
  /** Whether the nearest folder that exists can be written to. */
  readonly isWritable: boolean
}

/**
 * Looks at the embedded Postgres of a data folder. Makes nothing, not even the copy of the programs that a start may need.
 *
 * @throws EMBEDDED_POSTGRES_MISSING, DATA_FOLDER_UNREACHABLE, DATA_FOLDER_UNSAFE
 */
export async function lookAtEmbedded(options: PlaceOptions): Promise<EmbeddedLook> {
  const binaries = findBinaries()
  const place = findPlace(options)
  refuseUnsafePlace(place)
  const run = await runProgram(binaries.postgres, ['--version'], { user: place.user, cwd: '/' })
  const version = run.exitCode === 0 ? (/ (\d+\.\d+)/.exec(run.output)?.[1] ?? null) : null
  const major = await readFile(join(place.cluster, 'PG_VERSION'), 'utf8').catch(() => null)
  return {
    folder: place.folder,
    version,
    clusterMajor: major === null ? null : Number.parseInt(major, 10),
    isWritable: await isWritable(dirname(place.folder)),
  }
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.F_OK)
  } catch {
    return dirname(folder) !== folder && isWritable(dirname(folder))
  }
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
}
