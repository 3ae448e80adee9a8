import type { DevKeys } from '#server'
import type { Generation } from './generations/generation.ts'
import { Generations } from './generations/generations.ts'
import type { Development } from './run-dev.ts'
import { workshopState } from './workshop-state.ts'

/**
 * Serves an app under development. Tokens of the development key are believed, and no others: not those of an issuer that is set up.
 *
 * @param spare loads already what serving needs
 */
export async function serveDevelopment(
  development: Development,
  keys: DevKeys,
  spare: Generation,
): Promise<Generations> {
  const { app, settings, database, login, session } = development
  return Generations.open({
    plan: {
      model: app.model,
      folder: app.folder,
      settings,
      names: database.names,
      databaseUrl: login.url,
      provisionUrl: database.provisionUrl,
      tokens: { kind: 'dev', app: app.model.app, keys },
      workshop: await workshopState(development, keys, []),
    },
    spare,
    say: session.terminal.say,
  })
}
