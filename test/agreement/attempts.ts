import { guardedNames, indexModel, type Row, reservesOf } from '#policies'
import {
  columnFields,
  type Entity,
  type Field,
  type Model,
  type Rule,
  ruleCovers,
  rulesFor,
  toOnesOf,
  verbsOf,
} from '#schema'
import { idOf, isCounted, keyText } from './ids.ts'
import type { Random } from './random.ts'
import { isEarlier } from './rows.ts'
import { valueFrom, withWholes } from './values.ts'

/** Something that a caller tries. */
export interface Attempt {
  readonly verb: string
  readonly entity: string
  /** The row as it is; for `create` the new one. */
  readonly row: Row
  /** What the caller gives, by the names of the model. */
  readonly given: Row
  /** Of a read: a field that may be hidden. */
  readonly field?: string
}

/** Attempts on every row of the entities that matter: creates, updates, removals, restores and deletions. */
export function generateAttempts(
  random: Random,
  model: Model,
  rows: Readonly<Record<string, readonly Row[]>>,
): readonly Attempt[] {
  const index = indexModel(model)
  const links = linksTo(random, model, rows)
  return model.entities.flatMap((entity) => {
    // Naming such a column is changing it, whatever value it is given.
    const named = new Set([...guardedNames(entity, index), ...reservesOf(entity, 'update', index).keys()])
    const share = entity.name === 'Item' ? 60 : entity.name === 'Line' ? 35 : entity.name === 'Part' ? 25 : 8
    const own = rows[entity.name]!
    const changes = own.flatMap((row) =>
      verbsOf(entity)
        .filter((verb) => verb in changing && random.chance(share))
        .map((verb) => ({
          verb,
          entity: entity.name,
          row,
          given:
            verb === 'update'
              ? changeOf(random, entity, row, { named, refused: givenOnly(entity, 'update', model), links })
              : {},
        })),
    )
    // The tenant's row is there already, removed or not.
    if (entity.tenancy === 'self')
      return changes.filter(({ verb, given }) => verb !== 'update' || Object.keys(given).length > 0)
    const creates = random.times(entity.name === 'Item' ? 8 : entity.name === 'Line' ? 5 : 1, () =>
      createOf(random, entity, givenOnly(entity, 'create', model), links),
    )
    return [...changes.filter(({ verb, given }) => verb !== 'update' || Object.keys(given).length > 0), ...creates]
  })
}

const changing = { update: true, remove: true, restore: true, delete: true }

/** Names that count as changed whatever value they are given, and those that no request can give. */
interface Naming {
  readonly named: ReadonlySet<string>
  readonly refused: ReadonlySet<string>
  readonly links: LinksTo
}

/** The key of some row of the entity that a to-one leads to; perhaps of another tenant's, or a removed one. */
type LinksTo = (one: { readonly to: string; readonly optional: boolean }) => string | null

function linksTo(random: Random, model: Model, rows: Readonly<Record<string, readonly Row[]>>): LinksTo {
  const entities = new Map(model.entities.map((each) => [each.name, each]))
  return ({ to, optional }) =>
    optional && random.chance(25) ? null : keyText(entities.get(to)!, random.pick(rows[to]!))
}

/** What rules give and none takes from a caller: no request can name it, and its column is granted to nobody. */
function givenOnly(entity: Entity, verb: string, model: Model): ReadonlySet<string> {
  const rules = rulesFor(model, entity).filter((rule) => rule.effect === 'allow' && ruleCovers(entity, rule, verb))
  const gives = (rule: Rule, name: string) => rule.sets.some((each) => each.name === name)
  const takes = (rule: Rule, name: string) => !gives(rule, name) && rule.fields?.includes(name) !== false
  const given = rules.flatMap(({ sets }) => sets.map(({ name }) => name))
  return new Set(given.filter((name) => !rules.some((rule) => takes(rule, name))))
}

function changeOf(random: Random, entity: Entity, row: Row, { named, refused, links }: Naming): Row {
  const isKey = (name: string) => entity.key.includes(name)
  const fields = columnFields(entity).filter(({ builtIn, name }) => !builtIn && !isKey(name))
  const changed = [
    ...random.some(fields, 0, 30).map((field): [string, Row[string]] => [field.name, valueFrom(random, field)]),
    ...random
      .some(toOnesOf(entity), 0, 15)
      .filter(({ name }) => !isKey(name))
      .map((one): [string, Row[string]] => [one.name, links(one)]),
  ]
  // A tree has no circles: rows stand below earlier ones.
  const isCircle = (name: string, value: Row[string]) =>
    name === entity.tree && value !== null && !isEarlier({ id: value }, row)
  const isOther = ([name, value]: [string, Row[string]]) =>
    !refused.has(name) &&
    !isCircle(name, value!) &&
    (named.has(name) || JSON.stringify(value) !== JSON.stringify(row[name]))
  return Object.fromEntries(changed.filter(isOther))
}

/** What is left out has its default. */
function createOf(random: Random, entity: Entity, refused: ReadonlySet<string>, links: LinksTo): Attempt {
  const fields = columnFields(entity).filter(({ builtIn }) => !builtIn)
  const given = (field: Field) => (!field.optional && field.default === null) || random.chance(40)
  const values = withWholes(entity, {
    ...Object.fromEntries(fields.filter(given).map((field) => [field.name, valueFrom(random, field)])),
    ...Object.fromEntries(
      toOnesOf(entity)
        .filter(({ optional }) => !optional || random.chance(50))
        .map((one) => [one.name, links(one)]),
    ),
    ...newKey(entity),
  })
  const defaults = columnFields(entity).flatMap(({ name, default: value }) =>
    value?.kind === 'value' ? [[name, value.value as Row[string]]] : [],
  )
  // A default that is given again is no change, but its column is named.
  const isDefault = (name: string, value: unknown) => defaults.some(([each, other]) => each === name && other === value)
  const kept = Object.entries(values).filter(
    ([name, value]) => value !== null && !isDefault(name, value) && !refused.has(name),
  )
  const row = {
    ...(entity.key[0] === 'id' ? newId(entity) : {}),
    ...Object.fromEntries([...defaults, ...kept]),
    deletedAt: null,
  }
  return { verb: 'create', entity: entity.name, row, given: Object.fromEntries(kept) }
}

/** The id that the row is known by; the database gives another. */
function newId(entity: Entity): Row {
  return { id: isCounted(entity) ? '900' : idOf(entity.name, 900) }
}

/** A code that no row has yet. */
function newKey({ key, fields }: Entity): Row {
  const codes = fields.filter(({ name, builtIn }) => !builtIn && key.includes(name))
  return Object.fromEntries(codes.map(({ name }) => [name, 'new']))
}
