import pluralize from 'pluralize'
import { lowerFirst, upperFirst } from '#base'
import type { Link } from './links.ts'
import type { Refusals, Surveyed } from './survey.ts'
import { freeName, linkName, memberName, typeName } from './words.ts'

/** What an entity is called. */
export interface EntityName {
  readonly name: string
  readonly plural: string
}

/** Names of everything that is imported, by what it is made of. */
export interface DraftNames {
  readonly entities: ReadonlyMap<Surveyed, EntityName>
  /** By `public.orders.customer_id`. */
  readonly members: ReadonlyMap<string, string>
  readonly inverses: ReadonlyMap<Link, string>
  readonly throughs: readonly ThroughName[]
}

/** A way over an entity in between. */
export interface ThroughName {
  readonly name: string
  /** Link of the entity in between that leads back here. */
  readonly back: Link
  readonly onward: Link
}

/** Gives every name, none of them twice, and none that was refused before. */
export function nameParts(tables: readonly Surveyed[], links: readonly Link[], refused: Refusals): DraftNames {
  const entities = nameEntities(tables, refused)
  const taken = new Map<Surveyed, Set<string>>()
  const members = new Map<string, string>()
  for (const table of tables) {
    const own = nameMembers(table, { links, entities, refused })
    taken.set(table, new Set(own.flatMap(({ names }) => names)))
    for (const { at, names } of own) members.set(at, names[0]!)
  }
  const place = { entities, members, taken, refused }
  const inverses = new Map(links.map((link) => [link, nameInverse(link, links, place)] as const))
  const throughs = tables.flatMap((table) => nameThroughs(table, links, place))
  return { entities, members, inverses, throughs }
}

/** Tables of `public` first, so that theirs are the plain names. */
function nameEntities(tables: readonly Surveyed[], refused: Refusals): ReadonlyMap<Surveyed, EntityName> {
  const names = new Map<Surveyed, EntityName>()
  const taken = new Set<string>()
  const rank = ({ table }: Surveyed) => (table.schema === 'public' ? 0 : 1)
  for (const table of tables.toSorted((a, b) => rank(a) - rank(b))) {
    const base = typeName(table.table.name)
    const candidates = [base, typeName(`${table.table.schema}_${base}`), `${base}Record`]
    const isFree = (name: string) =>
      !refused.has(`name:${table.at}:${name}`) && [name, pluralOf(name)].every((each) => !taken.has(each.toLowerCase()))
    const name = freeName(table.table.schema === 'public' ? [base, `${base}Record`] : candidates, isFree)
    const plural = pluralOf(name)
    taken.add(name.toLowerCase()).add(plural.toLowerCase())
    names.set(table, { name, plural })
  }
  return names
}

/** `News` has no plural of its own, and lists need another name than rows. */
function pluralOf(name: string): string {
  const [, head = '', word = name] = /^(.*?)([A-Z][a-z0-9]*|[^A-Z]*)$/.exec(name) ?? []
  const plural = head + pluralize.plural(word)
  return plural === name ? `All${name}` : plural
}

interface MemberPlace {
  readonly links: readonly Link[]
  readonly entities: ReadonlyMap<Surveyed, EntityName>
  readonly refused: Refusals
}

interface Member {
  readonly at: string
  /** Its own first; of a link also that of its key. */
  readonly names: readonly string[]
}

/** Fields first: their names are the columns', links have others to choose from. */
function nameMembers(table: Surveyed, { links, entities, refused }: MemberPlace): readonly Member[] {
  const entity = entities.get(table)!.name
  const taken = new Set<string>(['id', lowerFirst(entity)])
  const of = (at: string) => links.find(({ column }) => column.at === at)
  const named = table.columns.filter(({ as }) => as === 'field')
  const ordered = [...named.filter(({ at }) => of(at) === undefined), ...named.filter(({ at }) => of(at) !== undefined)]
  return ordered.map(({ at, column }): Member => {
    const link = of(at)
    const base = memberName(column.name)
    const own = `${lowerFirst(entity)}${upperFirst(base)}`
    const target = link === undefined ? null : entities.get(link.to)!.name
    const candidates =
      target === null
        ? [base, own, `${base}Value`]
        : [linkName(column.name, target), `${linkName(column.name, target)}Ref`, own]
    const namesOf = (name: string) => (target === null ? [name] : [name, `${name}Id`])
    const isFree = (name: string) =>
      !refused.has(`name:${at}:${name}`) && namesOf(name).every((each) => !taken.has(each))
    const name = freeName(candidates, isFree)
    for (const each of namesOf(name)) taken.add(each)
    return { at, names: namesOf(name) }
  })
}

interface InversePlace {
  readonly entities: ReadonlyMap<Surveyed, EntityName>
  readonly members: ReadonlyMap<string, string>
  readonly taken: ReadonlyMap<Surveyed, Set<string>>
  readonly refused: Refusals
}

function nameInverse(link: Link, links: readonly Link[], place: InversePlace): string {
  const { name, plural } = place.entities.get(link.from)!
  const relation = place.members.get(link.column.at)!
  const base = link.isUnique ? lowerFirst(name) : lowerFirst(plural)
  const siblings = links.filter(({ from, to }) => from === link.from && to === link.to)
  const isPlain = siblings.length === 1 || relation === lowerFirst(place.entities.get(link.to)!.name)
  const by = `${base}By${upperFirst(relation)}`
  const plain = link.from === link.to ? selfInverse(relation, by) : isPlain ? base : by
  return take([plain, by], `inverse:${link.from.at}.${link.constraint.name}`, link.to, place)
}

/** `reportsTo` → `reports`, `parent` → `children` */
function selfInverse(relation: string, otherwise: string): string {
  if (/^(reportsTo|manager|supervisor|boss)$/.test(relation)) return 'reports'
  return /^parent/.test(relation) ? 'children' : otherwise
}

function take(candidates: readonly string[], key: string, on: Surveyed, { taken, refused }: InversePlace): string {
  const names = taken.get(on)!
  const name = freeName(candidates, (each) => !names.has(each) && !refused.has(`name:${key}:${each}`))
  names.add(name)
  return name
}

/** Both ways over a table whose key is two links. */
function nameThroughs(table: Surveyed, links: readonly Link[], place: InversePlace): readonly ThroughName[] {
  const ends = links.filter(({ from, isKey }) => from === table && isKey)
  const [first, second] = ends
  if (table.key.length !== 2 || first === undefined || second === undefined || ends.length !== 2) return []
  return [[first, second] as const, [second, first] as const].flatMap(([back, onward]): readonly ThroughName[] => {
    const between = place.entities.get(table)!.name
    const base = lowerFirst(place.entities.get(onward.to)!.plural)
    const qualified = `${base}Through${between}`
    const self = `${lowerFirst(place.entities.get(onward.to)!.plural)}By${upperFirst(place.members.get(onward.column.at)!)}`
    const key = `through:${table.at}.${back.constraint.name}`
    if (place.refused.has(`way:${key}`)) return []
    const candidates = first.to === second.to ? [self] : [base, qualified]
    return [{ name: take(candidates, key, back.to, place), back, onward }]
  })
}
