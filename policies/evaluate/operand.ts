import { Bug } from '#base'
import {
  type ActorValue,
  type Computed,
  columnBehind,
  type Entity,
  type FieldType,
  type Operand,
  type Shift,
  toOnesOf,
  typeOfHeld,
} from '#schema'
import { actorValueOf, entityOf } from '../to-sql/model-index.ts'
import { moved } from './calendar.ts'
import { computedOf } from './formula/computed.ts'
import { type Place, placeAt } from './place.ts'
import { reachOf } from './reach.ts'
import { isLive, keyOf, oneOf, rowByKey } from './rows.ts'
import { beyond, heldValue, type Known, type Value } from './value.ts'
import type { World } from './world.ts'

/** A value with what it is of. */
export interface Read {
  readonly value: Known
  readonly type: FieldType
}

/** What a name of the row holds: a field, a part of a value object, a built-in field, a to-one relation or a computed field. */
export function readName(name: string, place: Place): Read {
  const { entity, world, row } = place
  const computed = entity.computed.find((each) => each.name === name)
  if (computed === undefined) {
    const type = columnBehind(entity, name, world.index.entities)?.type
    if (type === undefined) throw new Bug(`"${entity.name}" has nothing behind "${name}".`)
    return { value: heldValue(row[name], type), type }
  }
  const value = computedOf(computed, place)
  // A field that can be out of range tells nobody why it is null.
  const isLost = value === beyond || (value === null && mayBeBeyond(computed, entity, world))
  return { value: isLost ? beyond : value, type: computed.type }
}

function mayBeBeyond(computed: Computed, entity: Entity, world: World): boolean {
  const known = beyonds.get(computed) ?? typeOfHeld(computed, entity, { entities: world.index.entities }).beyond
  beyonds.set(computed, known)
  return known
}

/** A computed field is one object of one model. */
const beyonds = new WeakMap<Computed, boolean>()

/** The value that something is compared with; of a reach set every key. */
export function readOperand(to: Operand, type: FieldType, place: Place): Known | readonly Value[] {
  switch (to.kind) {
    case 'value':
      return heldValue(to.value, type)
    case 'list':
      return to.values.map((each) => heldValue(each, type))
    case 'actor':
      return readActor(to.name, type, place)
    case 'row': {
      const from = to.of === 'rule' ? placeAt(place, place.ruled) : place
      const end = (to.way ?? []).reduce<Place | null>((at, name) => (at === null ? null : oneOf(name, at)), from)
      return end === null ? null : readName(to.name, end).value
    }
    case 'was':
      if (place.before === null) throw new Bug('`was` is read where nothing changes.')
      return readName(to.name, { ...place, row: place.before }).value
    case 'now':
      return momentOf(to.by, type, place.world)
  }
}

function readActor(name: string, type: FieldType, place: Place): Known | readonly Value[] {
  const { caller, world } = place
  if (name === 'id') return heldValue(caller.id, type)
  const value = actorValueOf(world.index, name)
  switch (value.kind) {
    case 'claim':
      return heldValue(caller.claims[name], type)
    case 'own':
      return readOwn(value, place)
    case 'reach':
      return reachOf(value, place).map((key) => heldValue(key, type))
  }
}

/** A field or to-one of the caller's own live row; null where the target of the to-one is not live. */
export function readOwn({ field }: Extract<ActorValue, { readonly kind: 'own' }>, place: Place): Known {
  const row = callersRow(place)
  if (row === null) return null
  const leadsNowhere = toOnesOf(row.entity).some(({ name }) => name === field) && oneOf(field, row) === null
  return leadsNowhere ? null : readName(field, row).value
}

/** The caller's own live row; null for nobody, and for who was removed. */
export function callersRow(place: Place): Place | null {
  const { world, caller } = place
  const name = world.index.model.actor?.entity
  if (name === undefined) throw new Bug('The model has no actor.')
  const found = rowByKey(entityOf(world.index, name), caller.id, world, caller)
  return found !== null && isLive(found, world, caller) ? placeAt(place, found) : null
}

/** The row of the tenant that asks. */
export function tenantsRow(place: Place): Place | null {
  const { world, caller } = place
  const entity = world.index.model.entities.find(({ tenancy }) => tenancy === 'self')
  if (entity === undefined) throw new Bug('No entity is the tenant.')
  if (caller.tenant !== null) world.seek?.({ entity: entity.name, by: entity.key[0] ?? null, value: caller.tenant })
  const row = (world.rows[entity.name] ?? []).find((each) => keyOf({ entity, row: each }) === caller.tenant)
  return row !== undefined && isLive({ entity, row }, world, caller) ? placeAt(place, { entity, row }) : null
}

/** The instant of the transaction, or its day in UTC, moved on. */
function momentOf(by: Shift | null, type: FieldType, { now }: World): Value {
  const isDay = type.kind === 'date' || (type.kind === 'period' && type.of === 'date')
  const at = isDay ? Date.parse(new Date(now).toISOString().slice(0, 10)) : Date.parse(now)
  if (by === null) return isDay ? new Date(at).toISOString().slice(0, 10) : now
  const end = moved(moved(at, by.months, 'months'), by.days, 'days') + by.seconds * 1000
  const text = new Date(end).toISOString()
  return isDay ? text.slice(0, 10) : text
}
