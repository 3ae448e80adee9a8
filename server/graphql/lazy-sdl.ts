import type { Model } from '#schema'
import type { SdlPart } from './sdl-around.ts'

/** The API of a model in GraphQL's own language. Loads what builds it only then. */
export async function printModelSdl(model: Model): Promise<string> {
  const { printSdl } = await import('./print-sdl.ts')
  return printSdl(model)
}

/** What callers meet about an entity, or a single type. */
export async function printSdlAround(model: Model, name: string): Promise<SdlPart> {
  const { sdlAround } = await import('./sdl-around.ts')
  return sdlAround(model, name)
}
