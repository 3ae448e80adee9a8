import { type StoredRead, storedReads } from '../formula/stored-reads.ts'
import type { Computed, Entity } from '../model/model.ts'
import { storedColumn, storedOf } from '../model/stored.ts'
import { columnParts } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** What is stored follows from rows alone, and every change of these rows can be seen. */
export function verifyStored(check: Verification): void {
  // Formulas that could not be read, or follow from each other, cannot be followed.
  if (check.problems.list.length > 0) return
  for (const entity of check.model.entities) for (const each of storedOf(entity)) verifyOne(check, entity, each)
}

function verifyOne({ entities, problems }: Verification, entity: Entity, computed: Computed): void {
  const path = [entity.name, 'computed', computed.name] as const
  const { reads, faults } = storedReads(computed, entity, entities)
  const why = whyNotHere(entity, reads) ?? faults[0] ?? firstOf(reads, (read) => whyNotRead(read, entity, entities))
  if (why !== null) {
    const hint = 'Leave `stored` out: it is computed when it is read then, and always right.'
    problems.report('FORMULA_STORED_UNSUPPORTED', { path }, `"${computed.name}" cannot be stored: ${why}.`, { hint })
  }
  const column = storedColumn(computed)
  const other = columnParts(entity).find((part) => part.column === column)
  if (other === undefined) return
  const message = `"${computed.name}" and "${other.name}" would both have the column "${column}".`
  problems.report('NAME_CLASH', { path, part: 'key' }, message, { hint: 'Call it otherwise.' })
}

function firstOf<T>(given: readonly T[], of: (each: T) => string | null): string | null {
  for (const each of given) {
    const found = of(each)
    if (found !== null) return found
  }
  return null
}

/** Why rows of the entity cannot hold what follows from others. */
function whyNotHere(entity: Entity, reads: readonly StoredRead[]): string | null {
  if (entity.source.kind !== 'table') return `the table of "${entity.name}" is not made by Rowhouse`
  if (entity.historyOf !== null || entity.link !== null) return `rows of "${entity.name}" are written by Rowhouse alone`
  const isFar = reads.some(({ hops }) => hops.length > 0)
  if (isFar && entity.immutable) return `rows of "${entity.name}" never change, but it reads other rows, which may`
  if (isFar && entity.key.length > 1)
    return `it reads other rows, and rows of "${entity.name}" have a key of several values`
  return null
}

function whyNotRead({ entity, hops }: StoredRead, owner: Entity, entities: Verification['entities']): string | null {
  if (hops.length === 0) return null
  if (entity.source.kind !== 'table') return `it reads "${entity.name}", whose rows others may change as well`
  if (expires(entity, entities, [])) return `rows of "${entity.name}" expire, and nobody is told when`
  if (entity.key.length > 1) return `rows of "${entity.name}" have a key of several values`
  if (entity.tenancy !== owner.tenancy || entity.tenancy === 'shared')
    return `"${entity.name}" belongs to other tenants than "${owner.name}", so its changes cannot reach all rows`
  return null
}

/** Rows that are parts of such which expire go with them. */
function expires(entity: Entity, entities: Verification['entities'], way: readonly Entity[]): boolean {
  if (entity.expires !== null) return true
  return entity.relations.some((relation) => {
    const whole = relation.kind === 'one' && relation.part ? entities.get(relation.to) : undefined
    return whole !== undefined && !way.includes(whole) && expires(whole, entities, [...way, entity])
  })
}
