import type { Condition, Entity, EntityMap } from '#schema'
import { type Alternative, type Atom, alternativesOf, type Literal } from './alternatives.ts'
import { hasNoValue } from './no-value.ts'

/** A row of what a condition is about. */
export interface RowKind {
  readonly entity: Entity
  readonly entities: EntityMap
}

/**
 * True when it is certain that no row meets the condition, whoever asks. False says nothing: what cannot be told from the condition
 * alone is not looked for.
 */
export function neverHolds(condition: Condition, of: RowKind): boolean {
  return alternativesOf(condition)?.every((alternative) => isImpossible(alternative, of)) ?? false
}

/** True when it is certain that every row meets the condition. */
export function alwaysHolds(condition: Condition, of: RowKind): boolean {
  return neverHolds({ kind: 'not', not: condition }, of)
}

/** True when it is certain that every row that meets the one meets the other. Null: no condition, which every row meets. */
export function implies(one: Condition | null, other: Condition | null, of: RowKind): boolean {
  if (other === null) return true
  return neverHolds({ kind: 'and', all: [...(one === null ? [] : [one]), { kind: 'not', not: other }] }, of)
}

/** True when the literals cannot hold together. */
function isImpossible(literals: Alternative, of: RowKind): boolean {
  const there = waysThere(literals)
  if (literals.some(({ holds, atom }) => atom.kind === 'there' && !holds && there.has(wayText(atom.way)))) return true
  if (literals.some((literal) => literals.some((other) => areOpposite(literal, other, of)))) return true
  return [...byColumn(literals).values()].some((group) => {
    const [{ way, on }, comparisons] = group
    const entity = entityAt(way, of)
    return entity !== null && hasNoValue(comparisons, entity, on)
  })
}

/** Ways at whose end a live row must be; the row itself always is. */
function waysThere(literals: Alternative): ReadonlySet<string> {
  const found = new Set<string>([wayText([])])
  for (const { holds, atom } of literals) {
    if (!holds) continue
    for (let length = 1; length <= atom.way.length; length += 1) found.add(wayText(atom.way.slice(0, length)))
  }
  return found
}

function areOpposite(one: Literal, other: Literal, of: RowKind): boolean {
  if (!one.holds || other.holds || wayText(one.atom.way) !== wayText(other.atom.way)) return false
  const [a, b] = [one.atom, other.atom]
  if (a.kind === 'other' && b.kind === 'other') return a.text === b.text
  return a.kind === 'some' && b.kind === 'some' && a.relation === b.relation && isWithin(a, b, of)
}

type Some = Extract<Atom, { readonly kind: 'some' }>

/** Whatever row makes the one hold makes the other hold. */
function isWithin(one: Some, other: Some, of: RowKind): boolean {
  if (other.where === null) return true
  const relation = entityAt(one.way, of)?.relations.find(({ name }) => name === one.relation)
  const entity = relation !== undefined && 'to' in relation ? of.entities.get(relation.to) : undefined
  return entity !== undefined && implies(one.where, other.where, { ...of, entity })
}

/** A comparison, and whether it holds. */
interface Compared {
  readonly holds: boolean
  readonly compare: Extract<Atom, { readonly kind: 'compare' }>['compare']
}

type Group = readonly [{ readonly way: readonly string[]; readonly on: string }, Compared[]]

function byColumn(literals: Alternative): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>()
  for (const { holds, atom } of literals) {
    if (atom.kind !== 'compare') continue
    const { way, compare } = atom
    const key = wayText([...way, compare.on])
    const group: Group = groups.get(key) ?? [{ way, on: compare.on }, []]
    group[1].push({ holds, compare })
    groups.set(key, group)
  }
  return groups
}

function wayText(way: readonly string[]): string {
  return JSON.stringify(way)
}

function entityAt(way: readonly string[], { entity, entities }: RowKind): Entity | null {
  let at: Entity | undefined = entity
  for (const hop of way) {
    const relation: Entity['relations'][number] | undefined = at?.relations.find(({ name }) => name === hop)
    at = relation?.kind === 'one' ? entities.get(relation.to) : undefined
  }
  return at ?? null
}
