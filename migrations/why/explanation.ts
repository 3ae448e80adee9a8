import type { ModelIndex } from '#policies'
import { type Entity, keepsTransitions, type ModelPath } from '#schema'
import type { Catalog } from '../catalog/catalog.ts'

/** Why something is in the database. */
export interface Explanation {
  /** English, each a sentence; names in quotes. */
  readonly sentences: readonly string[]
  /** Parts of the model that asked for it, the nearest first; `[]` is the app itself. */
  readonly paths: readonly ModelPath[]
}

/** What explaining looks at. */
export interface Explaining {
  readonly index: ModelIndex
  readonly catalog: Catalog
}

/** Where an entity was declared: for the table that a link makes, where the link was; for changes, where they were asked for. */
export function entityPath(entity: Entity): ModelPath {
  if (entity.historyOf !== null) return [entity.historyOf, keepsTransitions(entity) ? 'lifecycle' : 'history']
  return entity.link === null ? [entity.name] : [entity.link.entity, 'relations', entity.link.relation]
}

/** An explanation of one part or more. */
export function because(sentences: string | readonly string[], paths: readonly ModelPath[]): Explanation {
  return { sentences: typeof sentences === 'string' ? [sentences] : sentences, paths: distinct(paths) }
}

/** `"a", "b" and "c"` */
export function quoted(names: readonly string[]): string {
  return listed(names.map((name) => `"${name}"`))
}

/** `a, b and c` */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function distinct(paths: readonly ModelPath[]): readonly ModelPath[] {
  const known = new Map(paths.map((path) => [JSON.stringify(path), path]))
  return [...known.values()]
}

/** `an Order`, `a Customer` */
export function a(name: string): string {
  return `${/^[AEIO]|^U(?![ns])/.test(name) ? 'an' : 'a'} ${name}`
}
