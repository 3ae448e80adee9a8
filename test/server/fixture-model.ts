import type { Audience, Condition, Entity, Field, FieldType, Model, Relation, Rule } from '#schema'
import { notShown, plainEntity, plainField, plainOne, uniqueOn } from '../support/model.ts'

/** A small shop: every kind of field and relation, two role sets, a lifecycle. Written by hand, as the loader would complete it. */
export function fixtureModel(app = 'shop'): Model {
  return {
    version: 1,
    app,
    entities: [customer(), invoice(), order(), orderLine(), product(), remark(), user()],
    roles: [
      { name: 'sales', note: null, includes: [] },
      { name: 'accountManager', note: null, includes: ['sales'] },
    ],
    actor: {
      entity: 'User',
      values: [
        { kind: 'claim', name: 'region', type: regionType },
        { kind: 'claim', name: 'maxDiscount', type: { kind: 'int', min: null, max: null } },
      ],
    },
    policies: [
      policy('Customer', [
        rule('customers of my region', sales, ['read', 'remove', 'restore', 'delete'], { where: ofMyRegion }),
        rule('customers are made', sales, ['create']),
        rule('customers are handed over', sales, ['update'], { where: ofMyRegion, becoming: 'anything' }),
      ]),
      policy('Invoice', [rule('invoices are seen', sales, ['read'])]),
      policy('Order', [rule('sales does all', sales, 'anything')]),
      policy('OrderLine', [rule('sales does lines', sales, ['read', 'create', 'update', 'delete'])]),
      policy('Product', [
        rule('sales reads', sales, ['read']),
        rule('account managers care', managers, ['create', 'update', 'delete', 'remove', 'restore']),
      ]),
      policy('Remark', [rule('anybody signed in may write one', { kind: 'signedIn' }, ['create'])]),
      policy('User', [rule('people are known', { kind: 'signedIn' }, ['read'])]),
    ],
  }
}

const text = {
  kind: 'text',
  format: 'string',
  min: null,
  max: 200,
  matches: null,
  ignoreCase: false,
} as const satisfies FieldType
const uuid: FieldType = { kind: 'uuid' }
const datetime: FieldType = { kind: 'datetime' }
const money = {
  kind: 'money',
  currency: 'EUR',
  in: null,
  scale: 2,
  minor: false,
  min: null,
  max: null,
} as const satisfies FieldType

const regionType: FieldType = {
  kind: 'choice',
  enum: 'CustomerRegion',
  values: [
    { value: 'eu', graphql: 'eu', label: 'Europe', note: null, color: null, deprecated: null },
    {
      value: 'us-east',
      graphql: 'us_east',
      label: 'United States (East)',
      note: 'New York and around.',
      color: null,
      deprecated: null,
    },
  ],
}

const statusType: FieldType = {
  kind: 'choice',
  enum: 'OrderStatus',
  values: ['draft', 'placed', 'cancelled'].map((value) => ({
    value,
    graphql: value,
    label: null,
    note: null,
    color: null,
    deprecated: null,
  })),
}

function customer(): Entity {
  return entity('Customer', {
    note: 'Who buys.',
    fields: [
      field('name', text, { note: 'As printed on invoices.' }),
      field('email', { ...text, format: 'email', ignoreCase: true }, { optional: true }),
      field('region', regionType, { default: { kind: 'value', value: 'eu' } }),
      field('creditLimit', money, { optional: true }),
    ],
    relations: [
      { ...notShown, kind: 'many', name: 'orders', to: 'Order', by: 'customer', note: 'All of them, ever.' },
      one('accountManager', 'User', { optional: true, inverse: null }),
    ],
    unique: [uniqueOn('email'), uniqueOn('name', 'region')],
  })
}

function invoice(): Entity {
  return entity('Invoice', {
    fields: [field('number', text, { readonly: true }), field('dueOn', { kind: 'date' })],
    relations: [one('order', 'Order', { inverse: 'invoice' })],
    unique: [uniqueOn('order')],
  })
}

function order(): Entity {
  return entity('Order', {
    note: 'What a customer asked for.',
    fields: [
      field('number', text, { readonly: true }),
      field('wantedOn', { kind: 'date' }, { optional: true }),
      field('total', money, { default: { kind: 'value', value: '0.00' } }),
      field('weight', { kind: 'float', min: null, max: null }, { optional: true }),
      field('serial', { kind: 'int64', min: null, max: null }, { optional: true }),
      field('urgent', { kind: 'boolean' }, { default: { kind: 'value', value: false } }),
      field('deliverAt', { kind: 'time' }, { optional: true }),
      field('fee', { ...money, minor: true }, { optional: true }),
      field('lead', { kind: 'duration', in: 'days', min: null, max: null }, { optional: true }),
    ],
    relations: [
      one('customer', 'Customer', { inverse: 'orders' }),
      one('placedBy', 'User', { optional: true, inverse: null, default: { kind: 'actor' } }),
      { ...notShown, kind: 'many', name: 'lines', to: 'OrderLine', by: 'order' },
      {
        ...notShown,
        kind: 'through',
        name: 'products',
        to: 'Product',
        through: 'OrderLine',
        from: 'order',
        toward: 'product',
        note: 'What is in it.',
      },
      { ...notShown, kind: 'hasOne', name: 'invoice', to: 'Invoice', by: 'order' },
    ],
    unique: [uniqueOn('number')],
    lifecycle: {
      initial: 'draft',
      enum: 'OrderStatus',
      states: statusType.kind === 'choice' ? statusType.values : [],
      transitions: [],
    },
  })
}

function orderLine(): Entity {
  return entity('OrderLine', {
    fields: [
      field('quantity', { kind: 'int', min: 1, max: null }),
      field('unitPrice', { kind: 'decimal', precision: 20, scale: 4, min: null, max: null }),
    ],
    relations: [
      one('order', 'Order', { inverse: 'lines', onDelete: 'cascade' }),
      one('product', 'Product', { inverse: null }),
    ],
  })
}

function product(): Entity {
  return entity('Product', {
    fields: [field('sku', text), field('name', text)],
    relations: [],
    unique: [uniqueOn('sku')],
  })
}

function remark(): Entity {
  return entity('Remark', {
    note: 'May be written by many, read by none.',
    fields: [field('text', text)],
    relations: [],
  })
}

function user(): Entity {
  return entity('User', { tenancy: 'none', fields: [field('name', text)], relations: [] })
}

function entity(name: string, given: Partial<Entity> & Pick<Entity, 'fields' | 'relations'>): Entity {
  const lifecycle = given.lifecycle ?? null
  return {
    ...plainEntity,
    name,
    plural: `${name}s`,
    table: snake(name),
    ...given,
    lifecycle,
    fields: [
      ...given.fields,
      builtIn('id', uuid, { default: { kind: 'v7' }, readonly: true }),
      ...(lifecycle === null
        ? []
        : [builtIn('status', statusType, { default: { kind: 'value', value: lifecycle.initial } })]),
      builtIn('createdAt', datetime, { default: { kind: 'now' } }),
      builtIn('updatedAt', datetime, { default: { kind: 'now' } }),
      builtIn('deletedAt', datetime, { optional: true }),
    ],
  }
}

function field(name: string, type: FieldType, given: Partial<Field> = {}): Field {
  return { ...plainField, name, column: snake(name), type, ...given }
}

function builtIn(name: string, type: FieldType, given: Partial<Field> = {}): Field {
  return field(name, type, { builtIn: true, ...given })
}

function one(name: string, to: string, given: Partial<Extract<Relation, { kind: 'one' }>>): Relation {
  const optional = given.optional ?? false
  return {
    ...plainOne,
    name,
    to,
    column: `${snake(name)}_id`,
    optional,
    onRemove: optional ? 'keep' : 'restrict',
    ...given,
  }
}

function policy(entity: string, rules: readonly Rule[]) {
  return { entity, rules, onHidden: 'null' as const }
}

const sales: Audience = { kind: 'roles', roles: ['sales'] }
const managers: Audience = { kind: 'roles', roles: ['accountManager'] }
const ofMyRegion: Condition = { kind: 'compare', on: 'region', op: 'is', to: { kind: 'actor', name: 'region' } }

function rule(title: string, audience: Audience, verbs: Rule['verbs'], given: Partial<Rule> = {}): Rule {
  const nothing = { where: null, becoming: null, unless: null, fields: null, sets: [], because: null }
  return { title, effect: 'allow', audience, verbs, ...nothing, ...given }
}

function snake(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}
