import { Bug, type Sql, sql } from '#base'
import {
  type ActorValue,
  type Condition,
  columnBehind,
  type Entity,
  type HeldColumn,
  keyColumnsOf,
  type Model,
  type Rule,
  settledCondition,
  type ToOne,
  toOnesOf,
} from '#schema'

/** A model with its parts at hand by name. */
export interface ModelIndex {
  readonly model: Model
  readonly entities: ReadonlyMap<string, Entity>
  readonly rules: ReadonlyMap<string, readonly Rule[]>
  readonly actorValues: ReadonlyMap<string, ActorValue>
}

/** Indexes a model by name, its entities sorted by name. */
export function indexModel(model: Model): ModelIndex {
  const entities = [...model.entities].sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    model: { ...model, entities },
    entities: new Map(model.entities.map((entity) => [entity.name, entity])),
    rules: new Map(model.policies.map((policy) => [policy.entity, policy.rules])),
    actorValues: new Map((model.actor?.values ?? []).map((value) => [value.name, value])),
  }
}

/** The entity of a verified model. */
export function entityOf(index: ModelIndex, name: string): Entity {
  const entity = index.entities.get(name)
  if (entity === undefined) throw new Bug(`The model has no entity "${name}".`)
  return entity
}

/**
 * Rules of an entity, ordered by title so that output does not depend on the order of declaration. Where a formula that a rule
 * names is out of range, an allow does not hold and a deny does.
 */
export function rulesOf(index: ModelIndex, entity: Entity): readonly Rule[] {
  let known = rulesByIndex.get(index)
  if (known === undefined) {
    known = new Map()
    rulesByIndex.set(index, known)
  }
  let rules = known.get(entity)
  if (rules === undefined) {
    rules = closedRules(index, entity)
    known.set(entity, rules)
  }
  return rules
}

/** What formulas may be is counted once a model: it is asked for with each thing that is made. */
const rulesByIndex = new WeakMap<ModelIndex, Map<Entity, readonly Rule[]>>()

function closedRules(index: ModelIndex, entity: Entity): readonly Rule[] {
  const rules = (index.rules.get(entity.name) ?? []).map((rule) => closedRule(rule, entity, index))
  return rules.sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0))
}

/** The same rule where its formulas are in range. */
function closedRule(rule: Rule, entity: Entity, { entities, model }: ModelIndex): Rule {
  const world = { entities, callers: model.actor?.entity }
  const of = (where: Condition | null, want: 'certain' | 'possible') =>
    where === null ? null : settledCondition(where, want, entity, world)
  return {
    ...rule,
    where: of(rule.where, rule.effect === 'deny' ? 'possible' : 'certain'),
    becoming: rule.becoming === 'anything' ? 'anything' : of(rule.becoming, 'certain'),
    unless: of(rule.unless, 'certain'),
  }
}

/** A value of `defineActor`, verified to exist. */
export function actorValueOf(index: ModelIndex, name: string): ActorValue {
  const value = index.actorValues.get(name)
  if (value === undefined) throw new Bug(`The actor has no value "${name}".`)
  return value
}

/** The to-one relation of that name, verified to exist. */
export function toOneOf(entity: Entity, name: string): ToOne {
  const relation = toOnesOf(entity).find((one) => one.name === name)
  if (relation === undefined) throw new Bug(`"${entity.name}" has no to-one relation "${name}".`)
  return relation
}

/** Column and type behind the name of a field, a built-in field or a to-one relation. */
export function columnOf(entity: Entity, name: string, index: ModelIndex): HeldColumn {
  const held = columnBehind(entity, name, index.entities)
  if (held === null) throw new Bug(`"${entity.name}" has no column behind "${name}".`)
  return held
}

/** The entity's table, quoted, with its schema. */
export function tableSql(entity: Entity): Sql {
  return sql.identifier(entity.schema, entity.table)
}

/** What identifies a row of an entity that others refer to: one column. */
export function idColumnOf(entity: Entity, index: ModelIndex): HeldColumn {
  const [column, ...more] = keyColumnsOf(entity, index.entities)
  if (column === undefined || more.length > 0) throw new Bug(`Rows of "${entity.name}" have no key of one column.`)
  return column
}
