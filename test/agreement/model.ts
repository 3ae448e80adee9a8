import { guardedGroups, indexModel } from '#policies'
import type { Entity, Field, FieldType, Lifecycle, Model, Rule } from '#schema'
import * as m from '../support/model.ts'
import type { Feature } from './features.ts'
import { pools } from './pools.ts'
import type { Random } from './random.ts'
import { rulesFrom } from './rules.ts'

/** Roles of every generated app: they are cluster-wide, so each model has the same. */
export const appRoles = { clerk: [], lead: ['clerk'], boss: ['lead'], auditor: [] } as const

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
  texts: { kind: 'list', of: m.text().type, min: null, max: null },
  ints: { kind: 'list', of: m.int().type, min: null, max: null },
  days: { kind: 'period', of: 'date' },
  instants: { kind: 'period', of: 'datetime' },
}

/** A model that follows from the numbers: people, teams with members, items with lines, a badge and labels. */
export function generateModel(random: Random, features: ReadonlySet<Feature>): Model {
  const entities = entitiesOf(random, features)
  const made = m.makeModel({
    entities: {},
    roles: appRoles,
    actor: {
      entity: 'Person',
      values: [
        m.claim('region', m.choice('eu', 'us', 'as')),
        m.claim('grade', m.int()),
        m.reach('mine', { to: 'Team', via: 'Member', as: 'person', toward: 'team' }),
        m.reach('led', {
          to: 'Team',
          via: 'Member',
          as: 'person',
          toward: 'team',
          where: m.compare('grade', random.pick(['atLeast', 'isNot', 'under']), random.below(3)),
        }),
        ...(features.has('own') ? [{ kind: 'own', name: 'rank', field: 'rank' } as const] : []),
      ],
    },
  })
  const model: Model = { ...made, app: 'agree', entities: entities.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
  const policies = model.entities.map((entity) => ({
    entity: entity.name,
    onHidden: 'null' as const,
    rules: rulesFrom(random, entity, model, features),
  }))
  return withFewCircles({ ...model, policies })
}

/** Faces double with each circle of readers: where there are too many, rules that read speak of all fields. */
function withFewCircles(model: Model): Model {
  const index = indexModel(model)
  const policies = model.policies.map((policy) => {
    const groups = guardedGroups(index.entities.get(policy.entity)!, index)
    const ways = groups.reduce((product, { readers }) => product * Math.max(1, readers.length), 1)
    return groups.length <= 3 && ways <= 24 ? policy : { ...policy, rules: policy.rules.flatMap(withoutRead) }
  })
  return { ...model, policies }
}

function withoutRead(rule: Rule): readonly Rule[] {
  if (rule.fields === null || !rule.verbs.includes('read')) return [rule]
  if (rule.effect === 'allow') return [{ ...rule, fields: null }]
  const verbs = (rule.verbs as readonly string[]).filter((verb) => verb !== 'read')
  return verbs.length === 0 ? [] : [{ ...rule, verbs }]
}

function entitiesOf(random: Random, features: ReadonlySet<Feature>): readonly Entity[] {
  const made = m.makeModel({
    entities: {
      Person: {
        tenant: random.chance(40),
        fields: { name: m.text(), rank: m.optional(m.int()), region: m.optional(m.choice('eu', 'us', 'as')) },
      },
      Team: {
        fields: { label: m.optional(m.text()), level: m.optional(m.int()) },
        relations: { lead: m.one('Person', { optional: true }), parent: m.one('Team', { optional: true }) },
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
  return made.entities.map((entity) => withRelations(entity, random, features))
}

function fieldsFrom(random: Random): Readonly<Record<string, m.GivenField>> {
  const chosen = random.some(Object.keys(kinds), 3, 35)
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
  if (entity.name === 'Team') return { ...entity, tree: 'parent' }
  if (entity.name === 'Label' && features.has('shared') && random.chance(60)) return shared(entity)
  if (entity.name !== 'Item') return entity
  const fields = [
    ...(features.has('embed') && random.chance(50) ? [address(random)] : []),
    ...(features.has('expires') && random.chance(50) ? [until(random)] : []),
  ]
  return {
    ...entity,
    fields: [...fields, ...entity.fields],
    expires: fields.some(({ name }) => name === 'until') ? 'until' : null,
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

function address(random: Random): Field {
  const part = (name: string, type: FieldType, optional: boolean): Field => ({
    ...m.plainField,
    name,
    column: `place_${name}`,
    type,
    optional,
  })
  const fields = [part('city', m.text().type, random.chance(50)), part('zone', m.int().type, true)]
  return {
    ...m.plainField,
    name: 'place',
    column: 'place',
    type: { kind: 'embed', object: 'ItemPlace', fields },
  }
}

function until(random: Random): Field {
  const kind = random.pick(['date', 'datetime'] as const)
  return { ...m.plainField, name: 'until', column: 'until', type: { kind }, optional: random.chance(60) }
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
