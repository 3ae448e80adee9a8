import { lowerFirst, snakeCase, upperFirst } from '#base'
import { type EntityDeclaration, kindOf, type RelationDeclaration } from '../dsl/declaration.ts'
import type { Entity, LinkSide, Tenancy } from '../model/model.ts'
import { hasTenant, isShared } from '../model/tenancy.ts'
import { builtInFields, usualMoments, withShared } from './built-in-fields.ts'
import { usualId } from './identity.ts'
import { madeToOne } from './made-to-one.ts'
import { notShown } from './shown.ts'

/** What `many(to, { link: true, linkTable })` says, with the entity that says it. */
export interface WrittenLink extends LinkSide {
  readonly to: string
  readonly linkTable: string | null
}

/** How a link and its parts are called. */
export interface LinkNames {
  /** `OrderTagLink` */
  readonly entity: string
  /** `order__tag__link` */
  readonly table: string
  /** Name of the to-one that leads to the side that says `link: true`: `order`. */
  readonly from: string
  /** Name of the to-one that leads to the other side: `tag`. */
  readonly toward: string
}

/** Names of a link: by its two entities in alphabetical order, or by the table that the author names. */
export function linkNames({ entity, to, linkTable }: Omit<WrittenLink, 'relation'>): LinkNames {
  const sides = [entity, to].toSorted((a, b) => (snakeCase(a) < snakeCase(b) ? -1 : 1))
  const from = lowerFirst(entity)
  // Both ends of a self link have one name by themselves.
  const ends = { from, toward: entity === to ? `linked${upperFirst(entity)}` : lowerFirst(to) }
  if (linkTable === null)
    return { entity: `${sides.join('')}Link`, table: `${sides.map(snakeCase).join('__')}__link`, ...ends }
  const words = linkTable.split(/[^A-Za-z0-9]+/).filter((word) => word !== '' && word !== 'link')
  return { entity: `${words.map(upperFirst).join('')}Link`, table: linkTable, ...ends }
}

/** Every link that the entities say, in order of declaration. */
export function writtenLinks(declared: Iterable<EntityDeclaration>): readonly WrittenLink[] {
  return [...declared].flatMap(({ name, definition }) =>
    Object.entries((definition?.relations ?? {}) as object).flatMap(([relation, given]: [string, unknown]) => {
      if (kindOf(given) !== 'relation') return []
      const { kind, to, options } = given as RelationDeclaration
      if (kind !== 'many' || options?.link !== true) return []
      return [{ entity: name, relation, to: String(to), linkTable: linkTableOf(options) }]
    }),
  )
}

/** `linkTable` as far as it is a text; anything else is reported where the relation is read. */
export function linkTableOf(options: RelationDeclaration['options']): string | null {
  return typeof options.linkTable === 'string' ? options.linkTable : null
}

/**
 * The entities in between that links ask for, by name. Of two links with one name the first counts; a link to nowhere and one
 * that is called like a declared entity have none. All of that is reported by a check of its own.
 */
export function linkEntities(
  links: readonly WrittenLink[],
  declared: ReadonlyMap<string, Entity>,
): ReadonlyMap<string, Entity> {
  const made = new Map<string, Entity>()
  for (const link of links) {
    const names = linkNames(link)
    const ends = [declared.get(link.entity), declared.get(link.to)] as const
    if (ends[0] === undefined || ends[1] === undefined) continue
    if (made.has(names.entity) || declared.has(names.entity)) continue
    made.set(names.entity, linkEntity(link, names, ends as readonly [Entity, Entity]))
  }
  return made
}

/** Two required to-ones and nothing else. Ends that are removed hide the link and keep it, so that restore brings it back. */
function linkEntity(link: WrittenLink, names: LinkNames, ends: readonly [Entity, Entity]): Entity {
  const tenancy = tenancyBetween(ends)
  return {
    ...notShown,
    note: `Links "${link.relation}" of ${link.entity} to ${link.to}.`,
    name: names.entity,
    plural: `${names.entity}s`,
    display: null,
    tenancy,
    source: { kind: 'table' },
    schema: 'app',
    table: names.table,
    key: ['id'],
    fields: withShared(builtInFields(null, usualId, usualMoments), tenancy),
    computed: [],
    relations: [madeToOne(names.from, link.entity), madeToOne(names.toward, link.to)],
    unique: [{ on: [names.from, names.toward], nulls: 'distinct', removed: 'ignored', where: null }],
    indexes: [],
    noOverlap: [],
    rules: [],
    lifecycle: null,
    actions: [],
    sort: [],
    tree: null,
    immutable: true,
    expires: null,
    search: null,
    history: false,
    historyOf: null,
    link: { entity: link.entity, relation: link.relation },
  }
}

/** Where both ends can be ours, their link can be too. */
function tenancyBetween(ends: readonly Entity[]): Tenancy {
  if (!ends.some(hasTenant)) return 'none'
  return ends.some(isShared) && ends.every((end) => isShared(end) || !hasTenant(end)) ? 'shared' : 'own'
}
