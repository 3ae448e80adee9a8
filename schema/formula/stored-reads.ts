import type { Comparison, Condition } from '../model/condition.ts'
import type { Expression, ListRead } from '../model/expression.ts'
import { partsOf } from '../model/expression-parts.ts'
import { columnBehind, type EntityMap } from '../model/key.ts'
import type { Computed, Entity } from '../model/model.ts'
import { storedColumn } from '../model/stored.ts'
import { findRead } from './read-at.ts'

/** One relation on the way from a row to another that its formula reads, told by where the key is held. */
export interface StoredHop {
  /** `parent`: the row at the near end holds the other's key; `children`: rows at the far end hold its key. */
  readonly kind: 'parent' | 'children'
  /** Entity at the near end. */
  readonly from: string
  /** Entity at the far end. */
  readonly to: string
  /** Column that holds the key. */
  readonly column: string
}

/** Rows that a formula reads, and what of them. */
export interface StoredRead {
  /** From the row of the formula; none: that row itself. */
  readonly hops: readonly StoredHop[]
  readonly entity: Entity
  /** Sorted. With those that say whether the row belongs there and is live. */
  readonly columns: readonly string[]
}

/** What a formula depends on, as far as rows can tell. */
export interface StoredReads {
  readonly reads: readonly StoredRead[]
  /** What it depends on besides, one clause for each: `it asks what time it is`. */
  readonly faults: readonly string[]
}

/** Everything whose change may change the value of a formula, by the rows that it is read from. */
export function storedReads(computed: Computed, entity: Entity, entities: EntityMap): StoredReads {
  const collecting = new Collecting(entities)
  collecting.expression(computed.expression, [{ entity, hops: [] }])
  return collecting.found()
}

/** A row that an expression may speak of. */
interface Place {
  readonly entity: Entity
  readonly hops: readonly StoredHop[]
}

class Collecting {
  readonly #entities: EntityMap
  readonly #reads = new Map<string, { readonly place: Place; readonly columns: Set<string> }>()
  readonly #faults = new Set<string>()

  constructor(entities: EntityMap) {
    this.#entities = entities
  }

  found(): StoredReads {
    const reads = [...this.#reads.values()].map(({ place, columns }) => ({ ...place, columns: [...columns].sort() }))
    return { reads, faults: [...this.#faults] }
  }

  expression(expression: Expression, rows: readonly Place[]): void {
    const at = (up: number): Place => rows[rows.length - 1 - up]!
    if (expression.kind === 'now' || expression.kind === 'today') this.#faults.add('it asks what time it is')
    if (expression.kind === 'field') this.#field(expression.path, at(expression.up))
    const inner = expression.kind === 'list' ? this.#list(expression, at(expression.up)) : null
    const { expressions, conditions } = partsOf(expression)
    for (const each of expressions) {
      if (!each.isInList) this.expression(each.expression, rows)
      else if (inner !== null) this.expression(each.expression, [...rows, inner])
    }
    for (const { where, isInList, up } of conditions) {
      const place = isInList ? inner : at(up)
      if (place !== null) this.#condition(where, place, place)
    }
  }

  #list(list: ListRead, from: Place): Place | null {
    const place = list.path.reduce<Place | null>((each, name) => each && this.#follow(name, each), from)
    if (place !== null) for (const { name } of list.sort) this.#field(name.split('.'), place)
    return place
  }

  #field(path: readonly string[], from: Place): void {
    const read = findRead(from.entity, path, this.#entities)
    if (read === null) return
    const place = read.ones.reduce<Place | null>((each, name) => each && this.#follow(name, each), from)
    if (place === null) return
    if (read.computed === null) this.#note(place, read.field.column)
    else if (read.computed.stored) this.#note(place, storedColumn(read.computed))
    else this.expression(read.computed.expression, [place])
    if (read.field?.name === 'updatedAt' && place.hops.length === 0)
      this.#faults.add('it reads when the row was changed')
  }

  /** What a relation leads to; what says so is read on the way. */
  #follow(name: string, from: Place): Place | null {
    const relation = from.entity.relations.find((each) => each.name === name)
    if (relation?.kind === 'one') return this.#parent(from, relation.column, relation.to)
    if (relation?.kind === 'hasOne' || relation?.kind === 'many') return this.#children(from, relation.to, relation.by)
    if (relation?.kind === 'through') {
      const between = this.#children(from, relation.through, relation.from)
      const toward = between?.entity.relations.find((each) => each.name === relation.toward)
      return between !== null && toward?.kind === 'one' ? this.#parent(between, toward.column, toward.to) : null
    }
    this.#faults.add(`it goes along "${name}"`)
    return null
  }

  #parent(from: Place, column: string, to: string): Place | null {
    this.#note(from, column)
    return this.#at(to, [...from.hops, { kind: 'parent', from: from.entity.name, to, column }])
  }

  #children(from: Place, to: string, by: string): Place | null {
    const link = this.#entities.get(to)?.relations.find((each) => each.name === by)
    if (link?.kind !== 'one') return null
    const { column } = link
    const place = this.#at(to, [...from.hops, { kind: 'children', from: from.entity.name, to, column }])
    if (place !== null) this.#note(place, column)
    return place
  }

  #at(name: string, hops: readonly StoredHop[]): Place | null {
    const entity = this.#entities.get(name)
    if (entity === undefined) return null
    const place = { entity, hops }
    const removed = entity.fields.find((field) => field.name === 'deletedAt' && field.builtIn)
    this.#note(place, ...(removed === undefined ? [] : [removed.column]))
    return place
  }

  #note(place: Place, ...columns: readonly string[]): void {
    const key = JSON.stringify(place.hops)
    const known = this.#reads.get(key) ?? { place, columns: new Set<string>() }
    this.#reads.set(key, known)
    for (const each of columns) known.columns.add(each)
  }

  /** @param ruled the row that the condition as a whole is about */
  #condition(condition: Condition, place: Place, ruled: Place): void {
    switch (condition.kind) {
      case 'and':
        for (const each of condition.all) this.#condition(each, place, ruled)
        return
      case 'or':
        for (const each of condition.any) this.#condition(each, place, ruled)
        return
      case 'not':
        this.#condition(condition.not, place, ruled)
        return
      case 'path':
      case 'many': {
        const inner = this.#follow(condition.relation, place)
        if (inner !== null && condition.where !== null) this.#condition(condition.where, inner, ruled)
        return
      }
      case 'compare':
        this.#compare(condition, place, ruled)
        return
      default:
        this.#faults.add('it asks who is asking')
    }
  }

  #compare({ on, op, to }: Comparison, place: Place, ruled: Place): void {
    if (op === 'within') this.#faults.add('it asks for rows below others')
    this.#name(on, place)
    if (to.kind === 'now') this.#faults.add('it asks what time it is')
    if (to.kind === 'actor') this.#faults.add('it asks who is asking')
    if (to.kind !== 'row') return
    const from = to.of === 'rule' ? ruled : place
    const end = (to.way ?? []).reduce<Place | null>((each, name) => each && this.#follow(name, each), from)
    if (end !== null) this.#name(to.name, end)
  }

  /** A field, a computed field, or a to-one relation by its key. */
  #name(name: string, place: Place): void {
    const computed = place.entity.computed.find((each) => each.name === name)
    if (computed !== undefined) {
      this.#field([name], place)
      return
    }
    const held = columnBehind(place.entity, name, this.#entities)
    if (held !== null) this.#note(place, held.column)
    if (name === 'updatedAt' && place.hops.length === 0) this.#faults.add('it reads when the row was changed')
  }
}
