import type { Entity, Field, FieldType, Lifecycle, Relation } from '#schema'
import * as m from '../support/model.ts'
import type { Feature } from './features.ts'
import { pools } from './pools.ts'
import type { Random } from './random.ts'

const shape = (name: string): FieldType => ({
  kind: 'shape',
  name,
  parts: [{ ...m.notShown, name: 'size', type: m.int().type, optional: true }],
})

const kinds: Readonly<Record<string, FieldType>> = {
  text: m.text().type,
  choice: m.choice('eu', 'us', 'as').type,
  int: m.int().type,
  int64: { kind: 'int64', min: null, max: null },
  float: { kind: 'float', min: null, max: null },
  decimal: { kind: 'decimal', precision: 12, scale: 3, min: null, max: null },
  money: m.money().type,
  cents: m.money({ minor: true }).type,
  boolean: { kind: 'boolean' },
  date: { kind: 'date' },
  datetime: { kind: 'datetime' },
  time: { kind: 'time' },
  duration: { kind: 'duration', in: 'minutes', min: null, max: null },
  uuid: { kind: 'uuid' },
  texts: { kind: 'list', of: m.text().type, min: null, max: null },
  ints: { kind: 'list', of: m.int().type, min: null, max: null },
  days: { kind: 'period', of: 'date' },
  instants: { kind: 'period', of: 'datetime' },
  shape: shape('ItemShape'),
  shapes: { kind: 'list', of: shape('ItemShapes'), min: null, max: null },
  dict: { kind: 'dict', values: m.int().type, max: null },
  base64: { kind: 'base64', maxBytes: 100 },
}

/** Entities that follow from the numbers: people, teams in trees with members, items with lines and parts, badges and labels. */
export function entitiesOf(random: Random, features: ReadonlySet<Feature>): readonly Entity[] {
  const keyed = (percent: number) => features.has('keys') && random.chance(percent)
  const made = m.makeModel({
    entities: {
      Person: {
        tenant: random.chance(40),
        fields: { name: m.text(), rank: m.optional(m.int()), region: m.optional(m.choice('eu', 'us', 'as')) },
        relations: { boss: m.one('Person', { optional: true }) },
        lists: { memberships: { kind: 'many', to: 'Member', by: 'person' } },
      },
      Team: {
        fields: { label: m.optional(m.text()), level: m.optional(m.int()) },
        relations: { lead: m.one('Person', { optional: true }), parent: m.one('Team', { optional: true }) },
        lists: {
          members: { kind: 'many', to: 'Member', by: 'team' },
          upward: { kind: 'lineage', to: 'Team', by: 'parent', way: 'up' },
          downward: { kind: 'lineage', to: 'Team', by: 'parent', way: 'down' },
        },
      },
      Member: {
        fields: { grade: m.optional(m.int()) },
        relations: { person: m.one('Person'), team: m.one('Team', { onRemove: 'keep' }) },
      },
      Item: {
        fields: fieldsFrom(random),
        relations: {
          owner: m.one('Person', { optional: !features.has('carried') || random.chance(50) }),
          team: m.one('Team', {
            optional: random.chance(50),
            onRemove: features.has('carried') ? random.pick(['keep', 'restrict']) : 'keep',
          }),
        },
        ...(random.chance(60) ? { states: ['draft', 'open', 'done'] } : {}),
      },
      Line: {
        fields: { quantity: m.optional(m.int()), note: m.optional(m.text()) },
        relations: {
          item: m.one('Item', random.pick([{ part: true, onRemove: 'cascade' }, { onRemove: 'restrict' }])),
        },
      },
      Badge: { fields: { code: m.optional(m.text()) }, relations: { item: m.one('Item', { onRemove: 'cascade' }) } },
      Label: { fields: { name: m.text(), level: m.optional(m.int()) } },
      ...(features.has('carried')
        ? { Part: { fields: { size: m.optional(m.int()) }, relations: { line: m.one('Line') } } }
        : {}),
      ...(features.has('tenantFact')
        ? {
            Place: {
              tenant: 'self' as const,
              fields: { plan: m.optional(m.choice('free', 'pro')), level: m.optional(m.int()) },
            },
          }
        : {}),
      ItemLabel: {
        relations: { item: m.one('Item', { onRemove: 'cascade' }), label: m.one('Label', { onRemove: 'cascade' }) },
      },
    },
  })
  const shaped = made.entities.map((entity) => withRelations(entity, random, features))
  return shaped.map((entity): Entity => {
    switch (entity.name) {
      case 'Team':
      case 'Line':
        return keyed(25) ? counted(entity) : entity
      case 'Label':
        return entity.tenancy === 'shared' || !keyed(40) ? entity : random.chance(50) ? counted(entity) : coded(entity)
      case 'Badge':
        return keyed(40) ? withKey(requiring(entity, 'code'), ['item', 'code']) : entity
      case 'ItemLabel':
        return features.has('link') && random.chance(60) ? linking(entity) : entity
      default:
        return entity
    }
  })
}

function fieldsFrom(random: Random): Readonly<Record<string, m.GivenField>> {
  const chosen = random.some(Object.keys(kinds), 3, 30)
  const fields = chosen.map((kind): [string, m.GivenField] => {
    const type = kinds[kind]!
    const pool = pools[type.kind]
    const optional = pool === undefined || random.chance(60)
    const value = pool === undefined || random.chance(70) ? null : random.pick(pool)
    return [`${kind}1`, { type, optional, ...(value === null ? {} : { default: { kind: 'value', value } }) }]
  })
  return Object.fromEntries([...fields, ['rank', m.optional(m.int())], ['count', m.optional(m.int())]])
}

const shown = m.notShown

/** What `makeModel` has no words for. */
function withRelations(entity: Entity, random: Random, features: ReadonlySet<Feature>): Entity {
  switch (entity.name) {
    case 'Team':
      return { ...entity, tree: 'parent' }
    case 'Member':
      return features.has('expires') && random.chance(30) ? expiring(entity, random) : entity
    case 'Label':
      return labels(entity, random, features)
    case 'Part':
      return features.has('oneOf') && random.chance(50) ? about(entity) : entity
    case 'Item':
      return items(entity, random, features)
    default:
      return entity
  }
}

function items(entity: Entity, random: Random, features: ReadonlySet<Feature>): Entity {
  const placed =
    features.has('embed') && random.chance(50) ? { ...entity, fields: [address(random), ...entity.fields] } : entity
  const lasting = features.has('expires') && random.chance(50) ? expiring(placed, random) : placed
  return {
    ...lasting,
    history: features.has('history') && random.chance(35),
    lifecycle: entity.lifecycle === null ? null : withTransitions(entity.lifecycle),
    computed: features.has('computed') ? computedFrom(random) : [],
    relations: [
      ...entity.relations,
      { ...shown, kind: 'many', name: 'lines', to: 'Line', by: 'item' },
      { ...shown, kind: 'hasOne', name: 'badge', to: 'Badge', by: 'item' },
      { ...shown, kind: 'through', name: 'labels', to: 'Label', through: 'ItemLabel', from: 'item', toward: 'label' },
    ],
  }
}

function labels(entity: Entity, random: Random, features: ReadonlySet<Feature>): Entity {
  const items: Relation = {
    ...shown,
    ...{ kind: 'through', name: 'items', to: 'Item', through: 'ItemLabel', from: 'label', toward: 'item' },
  }
  if (features.has('shared') && random.chance(45)) return shared(entity)
  if (random.chance(30)) return { ...entity, tenancy: 'none' }
  return { ...entity, relations: [...entity.relations, items] }
}

/** Rows of ours beside those of each tenant. */
function shared(entity: Entity): Entity {
  const isShared: Field = {
    ...m.plainField,
    name: 'isShared',
    column: 'is_shared',
    type: { kind: 'boolean' },
    builtIn: true,
    default: { kind: 'value', value: false },
  }
  const [id, ...rest] = entity.fields.filter(({ builtIn }) => builtIn)
  return {
    ...entity,
    tenancy: 'shared',
    fields: [...entity.fields.filter(({ builtIn }) => !builtIn), id!, isShared, ...rest],
  }
}

/** The database counts the ids. */
function counted(entity: Entity): Entity {
  const id = { type: { kind: 'int64', min: null, max: null }, default: { kind: 'identity' } } as const
  return { ...entity, fields: entity.fields.map((field) => (field.name === 'id' ? { ...field, ...id } : field)) }
}

/** Rows are known by a code of their own. */
function coded(entity: Entity): Entity {
  const code: Field = { ...m.plainField, name: 'code', column: 'code', type: m.text().type }
  return withKey({ ...entity, fields: [code, ...entity.fields] }, ['code'])
}

function withKey(entity: Entity, key: readonly string[]): Entity {
  return { ...entity, key, fields: entity.fields.filter(({ name }) => name !== 'id') }
}

function requiring(entity: Entity, name: string): Entity {
  return {
    ...entity,
    fields: entity.fields.map((field) => (field.name === name ? { ...field, optional: false } : field)),
  }
}

/** As `many('Label', { link: true })` makes it. */
function linking(entity: Entity): Entity {
  const relations = entity.relations.map(
    (relation): Relation =>
      relation.kind === 'one' ? { ...relation, readonly: true, onDelete: 'cascade', onRemove: 'keep' } : relation,
  )
  const unique = { on: ['item', 'label'], nulls: 'distinct', removed: 'ignored', where: null } as const
  return { ...entity, relations, unique: [unique], immutable: true, link: { entity: 'Item', relation: 'labels' } }
}

/** Of an item or of a team, or of nothing. */
function about(entity: Entity): Entity {
  const targets = ['Item', 'Team'].map((to) => ({ to, relation: `about${to}` }))
  const ones = targets.map(({ to, relation }): Relation => {
    const optional = { optional: true, onDelete: 'setNull', onRemove: 'keep' } as const
    return { ...m.plainOne, ...optional, name: relation, to, column: `about_${to.toLowerCase()}_id` }
  })
  const oneOf: Relation = { ...shown, kind: 'oneOf', name: 'about', optional: true, targets }
  return { ...entity, relations: [...entity.relations, ...ones, oneOf] }
}

/** A value object: always there, or with a required part that says whether it is. */
function address(random: Random): Field {
  const part = (name: string, type: FieldType, optional: boolean): Field => ({
    ...m.plainField,
    name,
    column: `place_${name}`,
    type,
    optional,
  })
  const optional = random.chance(50)
  const fields = [part('city', m.text().type, !optional && random.chance(50)), part('zone', m.int().type, true)]
  return {
    ...m.plainField,
    name: 'place',
    column: 'place',
    type: { kind: 'embed', object: 'ItemPlace', fields },
    optional,
  }
}

function expiring(entity: Entity, random: Random): Entity {
  const kind = random.pick(['date', 'datetime'] as const)
  const until = { ...m.plainField, name: 'until', column: 'until', type: { kind }, optional: random.chance(60) }
  return { ...entity, fields: [until, ...entity.fields], expires: 'until' }
}

function withTransitions(lifecycle: Lifecycle): Lifecycle {
  const way = (name: string, from: readonly string[], to: string) => ({
    name,
    from,
    to,
    when: null,
    runs: null,
    note: null,
  })
  return { ...lifecycle, transitions: [way('publish', ['draft'], 'open'), way('finish', ['draft', 'open'], 'done')] }
}

function computedFrom(random: Random): Entity['computed'] {
  const field = (name: string) => ({ kind: 'field', up: 0, path: [name] }) as const
  const sum = {
    kind: 'list',
    up: 0,
    path: ['lines'],
    name: random.pick(['sum', 'max', 'min'] as const),
    value: field('quantity'),
    where: null,
    sort: [],
    separator: null,
  } as const
  const product = {
    kind: 'call',
    name: random.pick(['plus', 'times'] as const),
    args: [field('rank'), field('count')],
  } as const
  return [
    { ...shown, name: 'total', type: kinds.int!, optional: true, stored: false, expression: sum },
    { ...shown, name: 'both', type: kinds.int!, optional: true, stored: false, expression: product },
  ]
}
