import type {
  Actor,
  ActorValue,
  Condition,
  Default,
  Entity,
  Field,
  FieldType,
  Index,
  Lifecycle,
  Model,
  Operand,
  Operator,
  Relation,
  Role,
  Rule,
  ToOne,
  Unique,
} from '#schema'

/**
 * Models made by hand, for tests of what comes after the loader. Everything that a real model has is filled in.
 *
 * @example
 * const model = makeModel({
 *   entities: {
 *     User: { tenant: false, fields: { name: text() } },
 *     Note: { fields: { title: text({ max: 80 }), rank: optional(int()) }, relations: { author: one('User') } },
 *   },
 *   roles: { sales: [], manager: ['sales'] },
 *   actor: { entity: 'User', values: [claim('region', text())] },
 *   policies: { Note: [allow('mine', 'sales', ['read'], { where: compare('author', 'is', actor('id')) })] },
 * })
 */
export function makeModel(given: GivenModel): Model {
  const entities = Object.entries(given.entities).map(([name, entity]) => makeEntity(name, entity))
  const roles: Role[] = Object.entries(given.roles ?? {}).map(([name, includes]) => ({ name, note: null, includes }))
  const policies = entities.map(({ name }) => ({
    entity: name,
    rules: given.policies?.[name] ?? [],
    onHidden: 'null' as const,
  }))
  const byName =
    <T>(key: (each: T) => string) =>
    (a: T, b: T) =>
      key(a) < key(b) ? -1 : 1
  return {
    version: 1,
    app: given.app ?? 'shop',
    entities: entities.sort(byName((entity) => entity.name)),
    roles,
    actor: given.actor ?? null,
    policies: policies.sort(byName((policy) => policy.entity)),
  }
}

/** What {@link makeModel} takes. */
export interface GivenModel {
  readonly app?: string
  readonly entities: Readonly<Record<string, GivenEntity>>
  /** Role → the roles that it includes. */
  readonly roles?: Readonly<Record<string, readonly string[]>>
  readonly actor?: Actor
  readonly policies?: Readonly<Record<string, readonly Rule[]>>
}

/** An entity without what can be filled in. */
export interface GivenEntity {
  /** Default: true. */
  readonly tenant?: boolean | 'self'
  readonly note?: string
  readonly fields?: Readonly<Record<string, GivenField>>
  readonly relations?: Readonly<Record<string, GivenToOne>>
  /** Relations to many, as the model has them; with them, `by` is not set as `inverse`. */
  readonly lists?: Readonly<Record<string, GivenList>>
  readonly unique?: readonly (readonly string[])[]
  readonly indexes?: Entity['indexes']
  /** Name of the to-one that makes the rows a tree. */
  readonly tree?: string
  /** States; the first is the initial one. */
  readonly states?: readonly string[]
}

/** A relation to many without name. */
export type GivenList =
  | { readonly kind: 'many' | 'hasOne'; readonly to: string; readonly by: string }
  | { readonly kind: 'lineage'; readonly to: string; readonly by: string; readonly way: 'up' | 'down' }
  | {
      readonly kind: 'through'
      readonly to: string
      readonly through: string
      readonly from: string
      readonly toward: string
    }

/** A field without name and column. */
export interface GivenField {
  readonly type: FieldType
  readonly optional?: boolean
  readonly readonly?: boolean
  readonly default?: Default
  readonly note?: string
}

/** A to-one relation without name and column. */
export interface GivenToOne {
  readonly to: string
  readonly optional?: boolean
  readonly readonly?: boolean
  readonly onDelete?: ToOne['onDelete']
  readonly onRemove?: ToOne['onRemove']
  readonly default?: Default
  readonly part?: boolean
  readonly position?: string
}

/** A text field. */
export function text(
  options: Partial<Omit<Extract<FieldType, { kind: 'text' }>, 'kind'>> & Omit<GivenField, 'type'> = {},
): GivenField {
  const { format = 'string', min = null, max = null, matches = null, ignoreCase = false, ...rest } = options
  return { ...rest, type: { kind: 'text', format, min, max, matches, ignoreCase } }
}

/** A choice of the given values. */
export function choice(...values: readonly string[]): GivenField {
  return { type: { kind: 'choice', enum: 'Choice', values: values.map(choiceValue) } }
}

/** A whole number. */
export function int(options: { readonly min?: number; readonly max?: number } = {}): GivenField {
  return { type: { kind: 'int', min: options.min ?? null, max: options.max ?? null } }
}

/** A field of a kind that needs no options. */
export function plain(kind: 'boolean' | 'datetime' | 'date' | 'time' | 'uuid'): GivenField {
  return { type: { kind } }
}

/** An amount in euros. */
export function money(options: { readonly minor?: boolean } = {}): GivenField {
  return {
    type: { kind: 'money', currency: 'EUR', in: null, scale: 2, minor: options.minor ?? false, min: null, max: null },
  }
}

/** The field, optional. */
export function optional(field: GivenField): GivenField {
  return { ...field, optional: true }
}

/** A to-one relation. */
export function one(to: string, options: Omit<GivenToOne, 'to'> = {}): GivenToOne {
  return { to, ...options }
}

/** A claim of the actor. */
export function claim(name: string, field: GivenField): ActorValue {
  return { kind: 'claim', name, type: field.type }
}

/** A reach set of the actor. */
export function reach(
  name: string,
  given: {
    readonly to: string
    readonly via: string
    readonly as: string
    readonly toward: string
    readonly where?: Condition
    readonly then?: string
  },
): ActorValue {
  return { kind: 'reach', name, ...given, where: given.where ?? null, then: given.then ?? null }
}

type RuleOptions = Partial<Pick<Rule, 'where' | 'becoming' | 'unless' | 'fields' | 'because'>>

/** An allow. Audience: `'everyone'`, `'signedIn'`, a role or several with commas; `'not admin'` for everyone except. */
export function allow(title: string, audience: string, verbs: Rule['verbs'], options: RuleOptions = {}): Rule {
  return { ...noRule, title, effect: 'allow', audience: makeAudience(audience), verbs, ...options }
}

/** A deny, to `'everyone'` or `'signedIn'`. */
export function deny(title: string, audience: string, verbs: Rule['verbs'], options: RuleOptions = {}): Rule {
  return { ...noRule, title, effect: 'deny', audience: makeAudience(audience), verbs, ...options }
}

/** A comparison; a plain value, a list, or {@link actor}. */
export function compare(
  on: string,
  op: Operator,
  to: string | number | boolean | null | readonly (string | number | boolean)[] | Operand,
): Condition {
  if (Array.isArray(to)) return { kind: 'compare', on, op, to: { kind: 'list', values: to } }
  if (typeof to === 'object' && to !== null) return { kind: 'compare', on, op, to: to as Operand }
  return { kind: 'compare', on, op, to: { kind: 'value', value: to as string | number | boolean | null } }
}

/** `actor.id`, a claim or a reach set. */
export function actor(name: string): Operand {
  return { kind: 'actor', name }
}

/** All of them hold. */
export function all(...conditions: readonly Condition[]): Condition {
  return { kind: 'and', all: conditions }
}

/** One of them holds. */
export function any(...conditions: readonly Condition[]): Condition {
  return { kind: 'or', any: conditions }
}

/** It does not hold. */
export function not(condition: Condition): Condition {
  return { kind: 'not', not: condition }
}

/** The target of the to-one relation, as a live row, meets it. */
export function path(relation: string, where: Condition): Condition {
  return { kind: 'path', relation, where }
}

/** Live rows that a relation to many leads to meet it; without a condition, any row. */
export function many(relation: string, how: 'some' | 'none' | 'every', where: Condition | null = null): Condition {
  return { kind: 'many', relation, how, where }
}

/** The caller may do the verb on the row. */
export function may(verb: string): Condition {
  return { kind: 'may', verb }
}

/** The caller's own row, or that of the tenant, meets it. */
export function rowFact(about: 'caller' | 'tenant', where: Condition): Condition {
  return { kind: 'fact', about, where }
}

/** The caller has one of the roles. */
export function hasRole(...roles: readonly string[]): Condition {
  return { kind: 'fact', about: 'role', roles }
}

/** A claim compared with a plain value. */
export function claimFact(on: string, op: Operator, to: string | number | boolean | null): Condition {
  return { kind: 'fact', about: 'claim', on, op, to: { kind: 'value', value: to } }
}

/** Something of the request compared with a plain value, or an address with networks. */
export function requestFact(
  on: Extract<Condition, { about: 'request' }>['on'],
  op: Extract<Condition, { about: 'request' }>['op'],
  to: string | number | boolean | readonly string[],
): Condition {
  const operand: Operand = typeof to === 'object' ? { kind: 'list', values: to } : { kind: 'value', value: to }
  return { kind: 'fact', about: 'request', on, op, to: operand }
}

/** A field of the row that the rule is about; with to-one relations before it, of a row that they lead to: `ruleRow('owner.team')`. */
export function ruleRow(path: string): Operand {
  const names = path.split('.')
  const way = names.slice(0, -1)
  return { kind: 'row', name: names.at(-1)!, of: 'rule', ...(way.length === 0 ? {} : { way }) }
}

/** What interfaces show of a part of which nothing was said. */
export const notShown = { note: null, label: null, deprecated: null, ui: null }

/** An entity of which nothing special was said. */
export const plainEntity = {
  ...notShown,
  display: null,
  tenancy: 'own',
  source: { kind: 'table' },
  schema: 'app',
  key: ['id'],
  computed: [],
  unique: [],
  indexes: [],
  noOverlap: [],
  rules: [],
  lifecycle: null,
  actions: [],
  sort: [],
  tree: null,
  immutable: false,
  expires: null,
  search: null,
  history: false,
  historyOf: null,
  link: null,
} as const satisfies Partial<Entity>

/** A field of which nothing special was said. */
export const plainField = {
  ...notShown,
  columnType: null,
  optional: false,
  readonly: false,
  builtIn: false,
  default: null,
  from: null,
  pii: false,
  numbering: null,
} as const satisfies Partial<Field>

/** A to-one relation of which nothing special was said. */
export const plainOne = {
  ...notShown,
  kind: 'one',
  optional: false,
  readonly: false,
  onDelete: 'restrict',
  onRemove: 'restrict',
  default: null,
  part: false,
  position: null,
  same: null,
  inverse: null,
} as const satisfies Partial<ToOne>

/** An index of live rows. */
export function indexOn(on: Index['on'], where: Condition | null = null): Index {
  return { on, where, include: [], using: 'btree' }
}

/** Values that no two live rows share. */
export function uniqueOn(...on: readonly string[]): Unique {
  return { on, nulls: 'distinct', removed: 'ignored', where: null }
}

const noRule = { where: null, becoming: null, unless: null, fields: null, sets: [], because: null }

function makeAudience(audience: string): Rule['audience'] {
  if (audience === 'everyone' || audience === 'signedIn') return { kind: audience }
  if (audience.startsWith('not ')) return { kind: 'except', roles: audience.slice(4).split(', ') }
  return { kind: 'roles', roles: audience.split(',').map((role) => role.trim()) }
}

function makeEntity(name: string, given: GivenEntity): Entity {
  const fields = Object.entries(given.fields ?? {}).map(([field, each]) => makeField(field, each))
  const relations = Object.entries(given.relations ?? {}).map(([relation, each]) => makeToOne(relation, each))
  const lifecycle = given.states === undefined ? null : makeLifecycle(name, given.states)
  return {
    ...plainEntity,
    name,
    plural: `${name}s`,
    note: given.note ?? null,
    tenancy: given.tenant === 'self' ? 'self' : given.tenant === false ? 'none' : 'own',
    table: snake(name),
    fields: [...fields, ...builtIns(lifecycle)],
    relations: [
      ...relations,
      ...Object.entries(given.lists ?? {}).map(([list, each]): Relation => ({ ...notShown, name: list, ...each })),
    ],
    unique: (given.unique ?? []).map((on) => uniqueOn(...on)),
    indexes: given.indexes ?? [],
    tree: given.tree ?? null,
    lifecycle,
  }
}

function makeField(name: string, given: GivenField): Field {
  const { type, optional: isOptional = false, readonly = false, note = null } = given
  const value = given.default ?? null
  return { ...plainField, name, column: snake(name), type, optional: isOptional, readonly, default: value, note }
}

function makeToOne(name: string, given: GivenToOne): Relation {
  const isOptional = given.optional ?? false
  return {
    ...plainOne,
    name,
    to: given.to,
    column: `${snake(name)}_id`,
    optional: isOptional,
    readonly: given.readonly ?? false,
    onDelete: given.onDelete ?? (isOptional ? 'setNull' : 'restrict'),
    onRemove: given.onRemove ?? (isOptional ? 'keep' : 'restrict'),
    default: given.default ?? null,
    part: given.part ?? false,
    position: given.position ?? null,
  }
}

function makeLifecycle(entity: string, states: readonly string[]): Lifecycle {
  return { initial: states[0]!, enum: `${entity}Status`, states: states.map(choiceValue), transitions: [] }
}

function builtIns(lifecycle: Lifecycle | null): readonly Field[] {
  const builtIn = (name: string, type: FieldType, value: Default | null): Field => ({
    ...plainField,
    name,
    column: snake(name),
    type,
    optional: name === 'deletedAt',
    readonly: true,
    builtIn: true,
    default: value,
  })
  const status =
    lifecycle === null
      ? []
      : [
          builtIn(
            'status',
            { kind: 'choice', enum: lifecycle.enum, values: lifecycle.states },
            { kind: 'value', value: lifecycle.initial },
          ),
        ]
  return [
    builtIn('id', { kind: 'uuid' }, { kind: 'v7' }),
    ...status,
    builtIn('createdAt', { kind: 'datetime' }, { kind: 'now' }),
    builtIn('updatedAt', { kind: 'datetime' }, { kind: 'now' }),
    builtIn('deletedAt', { kind: 'datetime' }, null),
  ]
}

function choiceValue(value: string): Lifecycle['states'][number] {
  return { value, graphql: value, label: null, note: null, color: null, deprecated: null }
}

function snake(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}
