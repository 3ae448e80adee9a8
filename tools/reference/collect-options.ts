import { pages } from './pages.ts'
import type { Builder } from './read-builders.ts'
import { type Options, readOptions } from './read-options.ts'
import { readSource, resolve, type Source } from './read-sources.ts'

/** Options with the page that shows them: the first that comes to name them. */
export interface PlacedOptions {
  readonly file: string
  readonly options: Options
}

interface Named {
  readonly name: string
  readonly source: Source
}

/** Every interface and type that the builders of a page come to name, each once. */
export function collectOptions(builders: readonly Builder[]): readonly PlacedOptions[] {
  const seen = new Set<string>()
  return pages.flatMap((page) => {
    const called = page.builders.flatMap((name) => builders.find((each) => each.name === name)?.names ?? [])
    const also = (page.also ?? []).map((place): Named => {
      const [path, name] = place.split('#') as [string, string]
      return { name, source: readSource(path) }
    })
    return reached([...called, ...also], seen).map((options) => ({ file: page.file, options }))
  })
}

function reached(start: readonly Named[], seen: Set<string>): readonly Options[] {
  const waiting = [...start]
  const found: Options[] = []
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (seen.has(next.name)) continue
    seen.add(next.name)
    const declaration = resolve(next.name, next.source)
    // Type parameters and what TypeScript brings along are declared nowhere.
    if (declaration === null || !declaration.node.type.startsWith('TS')) continue
    const options = readOptions(declaration)
    waiting.push(...options.names)
    // A mark for the compiler has nothing to fill in.
    if (options.options.length > 0 || options.extends.length > 0 || options.text !== null) found.push(options)
  }
  return found
}
