import { printModelSdl, printSdlAround } from '#server'
import { type InspectPart, unknownName } from './inspection.ts'

/** The API in GraphQL's own language: all of it, or an entity with what is asked and answered about it, or any type by its name. */
export const graphql: InspectPart = {
  formats: ['graphql'],
  async show(names, _, { model }) {
    if (names.length === 0) return printModelSdl(model)
    const texts: string[] = []
    for (const name of names) {
      const { text, known } = await printSdlAround(model, name)
      if (text === null) throw unknownName(name, known, 'type')
      texts.push(text)
    }
    return texts.join('\n')
  },
}
