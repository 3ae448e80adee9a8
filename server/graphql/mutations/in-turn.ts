import { buildCatalog, type Catalog } from '#migrations'
import { carriedColumnsOf, indexModel, type ModelIndex } from '#policies'
import { type Entity, type Model, toOnesOf } from '#schema'

/** Changes that Postgres can do of many rows in one statement. */
export type SetVerb = 'create' | 'update' | 'delete'

/**
 * True where what the policies say of a row may depend on what became of the rows before it in the same batch: they look at rows that such
 * changes touch, and within one statement Postgres shows them as they were before all of it.
 */
export function goesInTurn(model: Model, entity: Entity, verb: SetVerb): boolean {
  let known = verdicts.get(model)
  if (known === undefined) {
    known = { catalog: buildCatalog(model), index: indexModel(model), byChange: new Map() }
    verdicts.set(model, known)
  }
  const change = `${verb} ${entity.name}`
  let verdict = known.byChange.get(change)
  if (verdict === undefined) {
    const read = readEntities(known.catalog, entity, verb)
    verdict = read === null || [...touched(entity, verb, known.index)].some((name) => read.has(name))
    known.byChange.set(change, verdict)
  }
  return verdict
}

interface Verdicts {
  readonly catalog: Catalog
  readonly index: ModelIndex
  readonly byChange: Map<string, boolean>
}

/** A catalog takes milliseconds, and only batches need this one. */
const verdicts = new WeakMap<Model, Verdicts>()

/** Entities of which rows change with a change of the entity's: generously. */
function touched(entity: Entity, verb: SetVerb, index: ModelIndex): ReadonlySet<string> {
  const { entities } = index.model
  const names = new Set([entity.name])
  if (verb === 'update') for (const each of entities) if (carriedColumnsOf(each, index).length > 0) names.add(each.name)
  // Deletes cascade to whatever refers to what is deleted.
  for (let size = 0; verb === 'delete' && size < names.size; ) {
    size = names.size
    for (const each of entities) if (toOnesOf(each).some(({ to }) => names.has(to))) names.add(each.name)
  }
  for (const { name, historyOf } of entities) if (historyOf !== null && names.has(historyOf)) names.add(name)
  return names
}

/**
 * Entities whose rows the policies of a change read, in the text that Postgres runs: through functions and views too. Null where it calls a
 * function that nobody knows.
 */
function readEntities(catalog: Catalog, entity: Entity, verb: SetVerb): ReadonlySet<string> | null {
  const commands = new Set(['all', 'select', verb === 'create' ? 'insert' : verb])
  const policies = catalog.tables.filter((table) => table.entity === entity.name).flatMap((table) => table.policies)
  const waiting = policies
    .filter(({ command }) => commands.has(command))
    .flatMap(({ using, check }) => [using ?? '', check ?? ''])
  const objects = namedObjects(catalog)
  const entities = new Set<string>()
  const seen = new Set<string>()
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    for (const [, name] of text.matchAll(objectNames)) {
      const found = objects.get(unquoted(name!))
      if (found === undefined) {
        if (name!.startsWith('rowhouse_private.')) return null
        continue
      }
      if (found.entity !== null) entities.add(found.entity)
      if (seen.has(name!)) continue
      seen.add(name!)
      waiting.push(...found.texts)
    }
  }
  return entities
}

/** `app."order"`, `rowhouse_private.set_teams` */
const objectNames = /((?:[a-z_][\w$]*|"[^"]+")\.(?:[a-z_][\w$]*|"[^"]+"))/g

function unquoted(name: string): string {
  return name.replaceAll('"', '')
}

interface NamedObject {
  /** Entity whose rows it holds. */
  readonly entity: string | null
  /** What it runs when it is read or called. */
  readonly texts: readonly string[]
}

function namedObjects(catalog: Catalog): ReadonlyMap<string, NamedObject> {
  return new Map([
    ...catalog.tables.map(({ schema, name, entity }): [string, NamedObject] => [
      `${schema}.${name}`,
      { entity: entity ?? null, texts: [] },
    ]),
    ...(catalog.views ?? []).map(({ schema, name, entity, definition }): [string, NamedObject] => [
      `${schema}.${name}`,
      { entity, texts: [definition] },
    ]),
    ...catalog.functions.map(({ schema, name, body }): [string, NamedObject] => [
      `${schema}.${name}`,
      { entity: null, texts: [body] },
    ]),
  ])
}
