import { errorText, Sweeper } from '#server'
import type { ServerPlan } from './start-server.ts'

/** Deletes what is kept no longer, now and then, until it is closed. */
export function startSweeper(
  { settings, names, databaseUrl }: Pick<ServerPlan, 'settings' | 'names' | 'databaseUrl'>,
  say: (line: string) => void,
): Sweeper {
  const sweeper = new Sweeper({
    connectionString: databaseUrl,
    role: names.jobs,
    keep: settings.keep,
    onError: (error) => say(`What is kept no longer could not be deleted: ${errorText(error)}`),
  })
  sweeper.start()
  return sweeper
}
