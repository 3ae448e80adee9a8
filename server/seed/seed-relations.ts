import { type Entity, type Model, type OneOf, toOnesOf } from '#schema'
import type { SeedRow, SeedValue } from './define-seed.ts'
import { stableId } from './stable-id.ts'
import { valueText } from './value-text.ts'

/** A relation of a seed row that is not the id of one target. */
type Written = { readonly ok: true; readonly columns: Readonly<Record<string, SeedValue>> } | { readonly ok: false }

/** The keys behind `subject: { Invoice: id }`: of every target one, the others null. */
export function oneOfColumns(entity: Entity, relation: OneOf, value: SeedValue): Written {
  const given = value === null ? {} : value
  if (typeof given !== 'object' || Array.isArray(given)) return { ok: false }
  const written = given as Readonly<Record<string, SeedValue>>
  const isKnown = Object.keys(written).every((name) => relation.targets.some(({ to }) => to === name))
  if (!isKnown || Object.keys(written).length > 1) return { ok: false }
  const columns = relation.targets.flatMap(({ to, relation: name }) => {
    const one = toOnesOf(entity).find((each) => each.name === name)
    return one !== undefined ? [[one.column, written[to] ?? null] as const] : []
  })
  return { ok: true, columns: Object.fromEntries(columns) }
}

/** True for a list of ids, as links are written. */
function isIdList(value: SeedValue): value is readonly string[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string')
}

/** A row without its links, and the rows in between that they ask for. */
export interface Unlinked {
  readonly kept: SeedRow
  readonly links: readonly { readonly entity: Entity; readonly row: SeedRow }[]
}

/** Takes the links out of a row. What is no list of ids stays, for the check of rows to refuse. */
export function splitLinks(entity: Entity, row: SeedRow, model: Model): Unlinked {
  const links = linksOf(entity, model)
  if (links.size === 0) return { kept: row, links: [] }
  const found: { readonly entity: Entity; readonly row: SeedRow }[] = []
  const kept = Object.entries(row).filter(([name, value]) => {
    const link = links.get(name)
    if (link === undefined || !isIdList(value)) return true
    found.push(...linkRows(link, valueText(row.id), value).map((made) => ({ entity: link, row: made })))
    return false
  })
  return { kept: Object.fromEntries(kept), links: found }
}

const linksByModel = new WeakMap<Model, ReadonlyMap<string, ReadonlyMap<string, Entity>>>()
const none: ReadonlyMap<string, Entity> = new Map()

/** The entities in between whose rows lists of ids become, by the relation of the entity that says `link: true`. */
function linksOf(entity: Entity, model: Model): ReadonlyMap<string, Entity> {
  const known = linksByModel.get(model) ?? allLinks(model)
  linksByModel.set(model, known)
  return known.get(entity.name) ?? none
}

function allLinks(model: Model): ReadonlyMap<string, ReadonlyMap<string, Entity>> {
  const links = model.entities.filter(({ link }) => link !== null)
  const bySide = Map.groupBy(links, ({ link }) => link!.entity)
  return new Map([...bySide].map(([side, own]) => [side, new Map(own.map((each) => [each.link!.relation, each]))]))
}

/** The same pair has the same id whenever it is seeded. */
function linkRows(link: Entity, from: string, others: readonly string[]): readonly SeedRow[] {
  const [owner, other] = link.relations
  return [...new Set(others)].map((id) => ({
    id: stableId(link.table, from, id),
    [owner!.name]: from,
    [other!.name]: id,
  }))
}
