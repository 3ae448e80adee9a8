import { relative, sep } from 'node:path'
import { watch } from 'chokidar'

/** What to watch. */
export interface FileWatchOptions {
  /** Absolute path of the app without symbolic links. */
  readonly folder: string
  /** Absolute path of the data folder, which may be inside of the app. */
  readonly dataFolder: string
  /** Told of every change that may concern the app. */
  readonly onChange: (path: string) => void
  /** Told when the system refuses to watch. */
  readonly onError: (error: Error) => void
}

/** Files that are watched until {@link FileWatch.close}. */
export interface FileWatch {
  /** Resolves when everything is watched. */
  readonly ready: Promise<void>
  /** Watches these too, wherever they are. */
  add(files: readonly string[]): void
  close(): Promise<void>
}

/** Watches the source of an app: every file that could be imported, those that are not there yet included. */
export function watchFiles({ folder, dataFolder, onChange, onError }: FileWatchOptions): FileWatch {
  // Which kind of change it was does not matter; editors that write by renaming look like a removal and an addition.
  const watcher = watch(folder, {
    ignoreInitial: true,
    atomic: false,
    ignored: (path, stats) => !isOfInterest(path, { folder, dataFolder, isFile: stats?.isFile() === true }),
  })
  watcher.on('all', (_event, path) => onChange(path))
  watcher.on('error', (error) => onError(error instanceof Error ? error : new Error(String(error))))
  const watched = new Set<string>()
  return {
    ready: new Promise((resolve) => watcher.once('ready', resolve)),
    add: (files) => {
      const more = files.filter((file) => !watched.has(file) && !file.startsWith(`${folder}${sep}`))
      for (const file of more) watched.add(file)
      if (more.length > 0) watcher.add([...more])
    },
    close: () => watcher.close(),
  }
}

const source = /\.(ts|mts|cts|js|mjs|cjs|json|sql)$/
/** Tests run by themselves; `types.d.ts` is written by us. */
const noSource = /\.(test|d)\.[cm]?ts$/

/** Whether a path inside of the app can matter. What is outside was asked for by name. */
export function isOfInterest(
  path: string,
  where: { readonly folder: string; readonly dataFolder: string; readonly isFile: boolean },
): boolean {
  const inside = relative(where.folder, path)
  if (inside === '' || inside.startsWith('..')) return true
  if (path === where.dataFolder || path.startsWith(`${where.dataFolder}${sep}`)) return false
  const parts = inside.split(sep)
  if (parts[0] === 'migrations' || parts.some((part) => part === 'node_modules' || part.startsWith('.'))) return false
  return !where.isFile || (source.test(path) && !noSource.test(path))
}
