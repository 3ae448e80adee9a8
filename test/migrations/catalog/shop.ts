import type { Model } from '#schema'
import * as m from '../../support/model.ts'

const mine = m.path('customer', m.compare('group', 'in', m.actor('mine')))

/** A small shop whose rules need every fence: several update rules, narrowed fields, links, cascades, denies. */
export const shop: Model = m.makeModel({
  entities: {
    User: { tenant: false, fields: { name: m.optional(m.text()) } },
    Group: { fields: { name: m.text() } },
    Member: { relations: { user: m.one('User'), group: m.one('Group') } },
    Customer: {
      note: 'Who buys.',
      fields: { name: m.text(), hidden: { ...m.plain('boolean'), default: { kind: 'value', value: false } } },
      relations: { group: m.one('Group') },
      unique: [['name']],
    },
    Order: {
      states: ['draft', 'placed'],
      fields: {
        number: m.text({ max: 20 }),
        price: { ...m.int(), default: { kind: 'value', value: 0 } },
        notes: m.optional(m.text()),
        stage: { ...m.choice('open', 'closed'), default: { kind: 'value', value: 'open' } },
        secret: { ...m.int(), default: { kind: 'value', value: 0 } },
      },
      relations: {
        customer: m.one('Customer'),
        backup: m.one('Customer', { optional: true }),
        placedBy: m.one('User', { optional: true, default: { kind: 'actor' } }),
      },
      unique: [['number']],
      indexes: [m.indexOn([{ name: 'price', descending: true }])],
    },
    OrderLine: {
      fields: { quantity: m.int({ min: 1 }) },
      relations: { order: m.one('Order', { onRemove: 'cascade', onDelete: 'cascade' }) },
    },
    Parcel: {
      relations: { line: m.one('OrderLine', { onRemove: 'cascade' }), product: m.one('Product', { optional: true }) },
    },
    Product: { fields: { name: m.text() } },
    Invoice: { relations: { order: m.one('Order', { onRemove: 'restrict' }) } },
    Notice: { tenant: false, fields: { open: m.plain('boolean') }, relations: { author: m.one('User') } },
    Leaflet: { tenant: false, relations: { author: m.one('User') } },
    Folder: { relations: { parent: m.one('Folder', { optional: true, onRemove: 'cascade' }) } },
  },
  roles: { sales: [], clerk: [], editor: [], admin: [], boss: ['sales'] },
  actor: {
    entity: 'User',
    values: [m.reach('mine', { to: 'Group', via: 'Member', as: 'user', toward: 'group' })],
  },
  policies: {
    Customer: [
      m.allow('sales sees its customers', 'sales', ['read'], {
        where: m.all(m.compare('group', 'in', m.actor('mine')), m.compare('hidden', 'is', false)),
      }),
      m.allow('admins do anything', 'admin', 'anything'),
    ],
    Order: [
      m.allow('sales sees its orders', 'sales', ['read'], { where: mine }),
      m.allow('clerks see open orders', 'clerk', ['read'], { where: m.compare('stage', 'is', 'open') }),
      m.allow('editors see all', 'editor', ['read']),
      m.allow('admins do anything', 'admin', 'anything'),
      m.allow('prices of open orders', 'sales', ['update'], {
        where: m.compare('stage', 'is', 'open'),
        fields: ['price', 'stage', 'customer', 'backup'],
      }),
      m.allow('notes of closed orders', 'sales', ['update'], {
        where: m.compare('stage', 'is', 'closed'),
        fields: ['notes'],
      }),
      m.allow('clerks hand over', 'clerk', ['update'], {
        where: m.compare('stage', 'is', 'open'),
        becoming: m.compare('stage', 'is', 'closed'),
        fields: ['stage'],
      }),
      m.allow('sales makes orders', 'sales', ['create'], {
        where: mine,
        fields: ['number', 'notes', 'customer', 'backup', 'placedBy'],
      }),
      m.allow('editors make priced orders', 'editor', ['create'], {
        where: m.compare('price', 'over', 100),
        fields: ['number', 'price', 'customer'],
      }),
      m.allow('sales removes open orders', 'sales', ['remove', 'restore'], { where: m.compare('stage', 'is', 'open') }),
      m.deny('secret orders stay', 'signedIn', ['remove', 'update', 'delete'], {
        where: m.compare('secret', 'over', 5),
        because: 'Secret orders stay.',
      }),
    ],
    OrderLine: [m.allow('all', 'signedIn', 'anything')],
    Parcel: [m.allow('all', 'signedIn', 'anything')],
    Product: [m.allow('all', 'signedIn', 'anything')],
    Invoice: [m.allow('all', 'signedIn', 'anything')],
    Notice: [
      m.allow('open notices of named people', 'everyone', ['read'], {
        where: m.all(m.compare('open', 'is', true), m.path('author', m.compare('name', 'isNot', null))),
      }),
    ],
    Leaflet: [
      m.allow('all', 'everyone', ['read']),
      m.deny('only mine', 'everyone', ['read'], { unless: m.compare('author', 'is', m.actor('id')) }),
    ],
    Folder: [m.allow('all', 'signedIn', 'anything')],
    Group: [m.allow('all', 'signedIn', ['read'])],
    Member: [m.allow('admins do anything', 'admin', 'anything')],
    User: [m.allow('admins see people', 'admin', ['read'])],
  },
})

/** A fixed id. */
export function id(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}

/** Ids of the rows that {@link shopRows} makes. */
export const ids = {
  acme: id(1),
  globex: id(2),
  ann: id(11),
  bob: id(12),
  group: id(21),
  otherGroup: id(22),
  customer: id(31),
  hidden: id(32),
  removed: id(33),
  foreign: id(34),
  open: id(41),
  closed: id(42),
  secret: id(43),
  globexOrder: id(44),
  line: id(51),
  goneLine: id(52),
  parcel: id(61),
  product: id(71),
} as const

/** Two tenants; ann is in the group whose customers sales sees. */
export const shopRows = `
  insert into rowhouse.tenant (id, slug, name) values ('${ids.acme}', 'acme', 'Acme'), ('${ids.globex}', 'globex', 'Globex');
  insert into app."user" (id, name) values ('${ids.ann}', 'Ann'), ('${ids.bob}', null);
  insert into app.notice (open, author_id) values (true, '${ids.ann}'), (true, '${ids.bob}'), (false, '${ids.ann}');
  insert into app.leaflet (author_id) values ('${ids.ann}'), ('${ids.bob}');
  insert into app."group" (tenant_id, id, name) values ('${ids.acme}', '${ids.group}', 'north'), ('${ids.acme}', '${ids.otherGroup}', 'south'), ('${ids.globex}', '${ids.group}', 'globex');
  insert into app.member (tenant_id, user_id, group_id) values ('${ids.acme}', '${ids.ann}', '${ids.group}');
  insert into app.customer (tenant_id, id, name, group_id, hidden, deleted_at) values
    ('${ids.acme}', '${ids.customer}', 'visible', '${ids.group}', false, null),
    ('${ids.acme}', '${ids.hidden}', 'hidden', '${ids.group}', true, null),
    ('${ids.acme}', '${ids.removed}', 'removed', '${ids.group}', false, now()),
    ('${ids.globex}', '${ids.foreign}', 'foreign', '${ids.group}', false, null);
  insert into app."order" (tenant_id, id, number, stage, secret, customer_id, price) values
    ('${ids.acme}', '${ids.open}', 'N1', 'open', 0, '${ids.customer}', 10),
    ('${ids.acme}', '${ids.closed}', 'N2', 'closed', 0, '${ids.customer}', 20),
    ('${ids.acme}', '${ids.secret}', 'N3', 'open', 9, '${ids.customer}', 30),
    ('${ids.globex}', '${ids.globexOrder}', 'N1', 'open', 0, '${ids.foreign}', 40);
  insert into app.product (tenant_id, id, name) values ('${ids.acme}', '${ids.product}', 'bolt');
  insert into app.order_line (tenant_id, id, order_id, quantity, deleted_at) values
    ('${ids.acme}', '${ids.line}', '${ids.open}', 1, null),
    ('${ids.acme}', '${ids.goneLine}', '${ids.open}', 2, '2026-01-01');
  insert into app.parcel (tenant_id, id, line_id, product_id) values ('${ids.acme}', '${ids.parcel}', '${ids.line}', '${ids.product}');
`
