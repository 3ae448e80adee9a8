import type { DevKeys } from '#server'
import { AppLoader } from '../load/app-loader.ts'
import type { Development } from '../run-dev.ts'
import { LiveApp, type RunningApp } from './live-app.ts'
import { ReloadLoop } from './reload-loop.ts'
import { watchFiles } from './watch-files.ts'

/** An app whose files are watched. */
export interface WatchedApp {
  /** Begins no further reload. */
  stop(): void
  /** Stops, and resolves when nothing of it is left. */
  close(): Promise<void>
}

/** Serves an app anew whenever its files change, until it is closed. */
export function watchApp(development: Development, keys: DevKeys, running: RunningApp): WatchedApp {
  const { app, session, settings } = development
  const loader = new AppLoader({ folder: app.folder, environment: session.environment })
  const live = new LiveApp(development, keys, running)
  // The seed takes longest to run, and most changes are none of its business.
  let apartFromSeed: ReadonlySet<string> = new Set()
  const loop = new ReloadLoop({
    loader,
    live,
    session,
    onFiles: ({ all, seed }) => {
      files.add(all)
      if (seed.length > 0) apartFromSeed = new Set(all.filter((file) => !seed.includes(file)))
    },
  })
  const files = watchFiles({
    folder: app.folder,
    dataFolder: settings.dataFolder,
    onChange: (path) => loop.touch(!apartFromSeed.has(path)),
    onError: (error) => session.terminal.say(`Changes may go unnoticed: ${error.message}`),
  })
  // What changed since the start read the files; also tells which files there are, and what the seed says.
  void files.ready.then(() => loop.touch(true))
  return {
    stop: () => loop.stop(),
    close: async () => {
      await Promise.all([loop.close(), files.close()])
      await loader.close()
    },
  }
}
