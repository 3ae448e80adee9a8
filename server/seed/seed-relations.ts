import type { Entity, OneOf } from '#schema'
import type { SeedRow, SeedRows, SeedValue } from './define-seed.ts'
import { stableId } from './stable-id.ts'

/** A relation of a seed row that is not the id of one target. */
type Written = { readonly ok: true; readonly columns: Readonly<Record<string, SeedValue>> } | { readonly ok: false }

/** The keys behind `subject: { Invoice: id }`: of every target one, the others null. */
export function oneOfColumns({ relations }: Entity, relation: OneOf, value: SeedValue): Written {
  const given = value === null ? {} : value
  if (typeof given !== 'object' || Array.isArray(given)) return { ok: false }
  const written = given as Readonly<Record<string, SeedValue>>
  const isKnown = Object.keys(written).every((name) => relation.targets.some(({ to }) => to === name))
  if (!isKnown || Object.keys(written).length > 1) return { ok: false }
  const columns = relation.targets.flatMap(({ to, relation: name }) => {
    const one = relations.find((each) => each.kind === 'one' && each.name === name)
    return one?.kind === 'one' ? [[one.column, written[to] ?? null] as const] : []
  })
  return { ok: true, columns: Object.fromEntries(columns) }
}

/** The entity in between whose rows a list of ids in a seed row becomes; undefined when the relation is no link of this entity. */
export function linkBehind(entity: Entity, name: string, entities: Iterable<Entity>): Entity | undefined {
  return [...entities].find(({ link }) => link?.entity === entity.name && link.relation === name)
}

/** True for a list of ids, as links are written. */
export function isIdList(value: SeedValue): value is readonly string[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string')
}

/**
 * The rows of a tenant with those in between that the links of its rows ask for. What is no list of ids stays, for the check of
 * rows to refuse.
 */
export function withLinkRows(rows: SeedRows, entities: ReadonlyMap<string, Entity>): SeedRows {
  const result: Record<string, SeedRow[]> = {}
  const put = (name: string, row: SeedRow): void => {
    result[name] ??= []
    result[name].push(row)
  }
  for (const [name, list] of Object.entries(rows)) {
    result[name] ??= []
    const entity = entities.get(name)
    for (const row of list) {
      const kept = Object.entries(row).filter(([key, value]) => {
        const link = entity === undefined ? undefined : linkBehind(entity, key, entities.values())
        if (link === undefined || !isIdList(value)) return true
        for (const made of linkRows(link, String(row.id), value)) put(link.name, made)
        return false
      })
      put(name, Object.fromEntries(kept))
    }
  }
  return result
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
