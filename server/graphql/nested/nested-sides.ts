import {
  type Entity,
  groupOf,
  type HasOne,
  type Model,
  ruleCovers,
  rulesFor,
  type Through,
  type ToMany,
  type ToOne,
  toOnesOf,
} from '#schema'
import { idFieldName } from '../api-names.ts'
import { grantedVerbs } from '../granted-verbs.ts'
import { changeableLinks, type LinkSide } from '../links.ts'
import { isPatchable, type OneOfSide, type OneOfTargetSide, oneOfSides, singleToOnes } from '../one-of.ts'
import { presetColumns, writableFields } from '../writable-fields.ts'

/** A to-one whose target may be made with the row: `customer`, beside `customerId`. */
export interface OneSide {
  readonly name: string
  readonly idName: string
  readonly target: Entity
  /** May be written when the row is there. */
  readonly isPatchable: boolean
}

/** A `oneOf` with those targets that may be made with the row: `subject: { invoice }`, beside `subject: { invoiceId }`. */
export interface ChoiceSide {
  readonly side: OneOfSide
  readonly targets: readonly ChoiceTarget[]
}

/** A target of a {@link ChoiceSide}. */
export interface ChoiceTarget extends OneOfTargetSide {
  /** `invoice` */
  readonly name: string
  readonly target: Entity
}

/** Rows that hold the id of this one and may be made with it: `lines`. */
export interface ListSide {
  readonly name: string
  /** One row at most. */
  readonly isSingle: boolean
  readonly target: Entity
  /** Where the other row holds the id: `orderId`; of a `oneOf` its name and the key inside: `subject`, `invoiceId`. */
  readonly by: ParentPlace
  /** Rows that are there may be taken over. */
  readonly canConnect: boolean
}

/** Where a row holds the id of another. */
export interface ParentPlace {
  readonly name: string
  readonly within: string | null
}

/** Rows beyond a link, or beyond rows in between that need nothing but their two ends. */
export interface FarSide {
  readonly name: string
  readonly target: Entity
  readonly way:
    | { readonly kind: 'link'; readonly side: LinkSide }
    | { readonly kind: 'through'; readonly between: Entity; readonly from: ParentPlace; readonly toward: ParentPlace }
}

/** What inputs of an entity may hold of other rows. */
export interface NestedSides {
  readonly ones: readonly OneSide[]
  readonly choices: readonly ChoiceSide[]
  readonly lists: readonly ListSide[]
  readonly fars: readonly FarSide[]
  /** `tagIds` */
  readonly links: readonly LinkSide[]
}

/** All of a model, found once. */
export interface NestedModel {
  readonly entities: ReadonlyMap<string, Entity>
  /** True when rows of the entity are made with values: when it has a `CustomerInput`. */
  hasInput(entity: Entity): boolean
  sidesOf(entity: Entity): NestedSides
  /** True when a to-one, or a `oneOf`, of a new row may come from elsewhere than its own field. */
  isGivenElsewhere(entity: Entity, name: string): boolean
  /** Names that the type of an input leaves out for the sake of rows that are written together, and no new row can do without. */
  neededElsewhere(entity: Entity): readonly string[]
}

/** The ways on which rows are made together, as far as a rule lets somebody make the other row. */
export function nestedModel(model: Model): NestedModel {
  const known = kept.get(model)
  if (known !== undefined) return known
  const made = findAll(model)
  kept.set(model, made)
  return made
}

const kept = new WeakMap<Model, NestedModel>()

const none: NestedSides = { ones: [], choices: [], lists: [], fars: [], links: [] }

function findAll(model: Model): NestedModel {
  const about = new Facts(model)
  const sides = new Map(model.entities.map((entity) => [entity.name, sidesOf(about, entity)]))
  const given = new Set(
    [...sides].flatMap(([name, { ones, choices, lists }]) => [
      ...ones.map((side) => `${name}.${side.idName}`),
      ...choices.map(({ side }) => `${name}.${side.relation.name}`),
      ...lists.map(({ target, by }) => `${target.name}.${by.name}`),
    ]),
  )
  const needed = new Map(
    model.entities.map((entity) => [
      entity.name,
      neededOnes(about, entity).filter((name) => given.has(`${entity.name}.${name}`)),
    ]),
  )
  return {
    entities: about.entities,
    hasInput: (entity) => about.hasInput(entity),
    sidesOf: (entity) => sides.get(entity.name) ?? none,
    isGivenElsewhere: (entity, name) => given.has(`${entity.name}.${name}`),
    neededElsewhere: (entity) => needed.get(entity.name) ?? [],
  }
}

function neededOnes({ model, entities }: Facts, entity: Entity): readonly string[] {
  const preset = presetColumns(model, entity)
  const fields = writableFields(entity, entities).filter(({ required, column }) => required && !preset.has(column))
  const sides = oneOfSides(entity).filter(({ relation }) => !relation.optional)
  return [...fields.map(({ name }) => name), ...sides.map(({ relation }) => relation.name)]
}

/** What is asked of every entity again and again. */
class Facts {
  readonly model: Model
  readonly entities: ReadonlyMap<string, Entity>
  readonly #verbs: ReadonlyMap<string, readonly string[]>

  constructor(model: Model) {
    this.model = model
    this.entities = new Map(model.entities.map((entity) => [entity.name, entity]))
    this.#verbs = new Map(model.entities.map((entity) => [entity.name, grantedVerbs(model, entity)]))
  }

  isGranted(entity: Entity, verb: 'create' | 'update'): boolean {
    return entity.link === null && (this.#verbs.get(entity.name) ?? []).includes(verb)
  }

  hasInput(entity: Entity): boolean {
    if (!this.isGranted(entity, 'create')) return false
    if (writableFields(entity, this.entities).length > 0 || oneOfSides(entity).length > 0) return true
    if (changeableLinks(this.model, entity).length > 0) return true
    // Rows below it hold its id, so that those have an input.
    return lists(entity).some(({ to }) => this.isGranted(this.entities.get(to)!, 'create'))
  }
}

function lists(entity: Entity): readonly (ToMany | HasOne)[] {
  return entity.relations.filter((relation) => relation.kind === 'many' || relation.kind === 'hasOne')
}

function sidesOf(about: Facts, entity: Entity): NestedSides {
  if (!about.isGranted(entity, 'create') && !about.isGranted(entity, 'update')) return none
  return {
    ones: singleToOnes(entity).flatMap((relation) => oneSide(about, entity, relation)),
    choices: oneOfSides(entity).flatMap((side) => choiceSide(about, side)),
    lists: lists(entity).flatMap((relation) => listSide(about, relation)),
    fars: [...linkFars(about, entity), ...throughFars(about, entity)],
    links: changeableLinks(about.model, entity),
  }
}

function oneSide(about: Facts, entity: Entity, relation: ToOne): readonly OneSide[] {
  const target = about.entities.get(relation.to)!
  if (!about.hasInput(target)) return []
  const isPatchable = !relation.readonly && !entity.key.includes(relation.name)
  return [{ name: relation.name, idName: idFieldName(relation), target, isPatchable }]
}

function choiceSide(about: Facts, side: OneOfSide): readonly ChoiceSide[] {
  const taken = new Set(side.targets.map(({ idName }) => idName))
  const targets = side.targets.flatMap((each) => {
    const target = about.entities.get(each.to)!
    const name = each.idName.slice(0, -'Id'.length)
    return about.hasInput(target) && !taken.has(name) ? [{ ...each, name, target }] : []
  })
  return targets.length === 0 ? [] : [{ side, targets }]
}

function listSide(about: Facts, { kind, name, to, by }: ToMany | HasOne): readonly ListSide[] {
  const target = about.entities.get(to)!
  const relation = toOnesOf(target).find((each) => each.name === by)
  if (relation === undefined || !about.hasInput(target)) return []
  const place = placeOf(target, relation)
  return [{ name, isSingle: kind === 'hasOne', target, by: place, canConnect: canConnect(about, target, relation) }]
}

function placeOf(entity: Entity, relation: ToOne): ParentPlace {
  const side = oneOfSides(entity).find((each) => each.targets.some(({ column }) => column === relation.column))
  if (side === undefined) return { name: idFieldName(relation), within: null }
  const { idName } = side.targets.find(({ column }) => column === relation.column)!
  return { name: side.relation.name, within: idName }
}

/** Some update rule lets somebody give the row to another. */
function canConnect(about: Facts, entity: Entity, relation: ToOne): boolean {
  const group = groupOf(entity, relation.name)
  const side = oneOfSides(entity).find((each) => each.relation.name === group?.name)
  const isFree = side === undefined ? !relation.readonly : isPatchable(entity, side)
  if (!isFree || entity.key.includes(relation.name) || !about.isGranted(entity, 'update')) return false
  return rulesFor(about.model, entity).some(
    ({ effect, fields, ...rule }) =>
      effect === 'allow' &&
      ruleCovers(entity, rule, 'update') &&
      (fields === null || fields.includes(relation.name) || (group !== null && fields.includes(group.name))),
  )
}

function linkFars(about: Facts, entity: Entity): readonly FarSide[] {
  return changeableLinks(about.model, entity).flatMap((side) => {
    const target = about.entities.get(side.relation.to)!
    if (!about.hasInput(target)) return []
    return [{ name: side.relation.name, target, way: { kind: 'link' as const, side } }]
  })
}

function throughFars(about: Facts, entity: Entity): readonly FarSide[] {
  return entity.relations.flatMap((relation) => {
    if (relation.kind !== 'through') return []
    const [target, between] = [about.entities.get(relation.to)!, about.entities.get(relation.through)!]
    if (!about.hasInput(target) || !about.hasInput(between)) return []
    const ends = endsOf(between, relation)
    if (ends === null || needsMore(about, between, ends)) return []
    const [from, toward] = ends.map((end) => placeOf(between, end))
    return [{ name: relation.name, target, way: { kind: 'through' as const, between, from: from!, toward: toward! } }]
  })
}

function endsOf(between: Entity, { from, toward }: Through): readonly [ToOne, ToOne] | null {
  const ones = toOnesOf(between)
  const [first, last] = [from, toward].map((name) => ones.find((one) => one.name === name))
  return first === undefined || last === undefined ? null : [first, last]
}

function needsMore(about: Facts, between: Entity, ends: readonly ToOne[]): boolean {
  const given = new Set([...ends.map(({ column }) => column), ...presetColumns(about.model, between)])
  if (writableFields(between, about.entities).some(({ required, column }) => required && !given.has(column)))
    return true
  const sides = oneOfSides(between)
  if (ends.some((end) => groupOf(between, end.name) !== null)) return true
  return sides.some(({ relation }) => !relation.optional)
}
