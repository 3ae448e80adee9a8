import { randomUUID } from 'node:crypto'
import { beforeAll } from 'vitest'
import { acme, ann, gil, globex, useWrittenServer, type WrittenServer } from '../options/written-server.ts'

const files = {
  'schema/all.entity.ts': `
export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Order = entity('Order', {
  search: { title: 'A' },
  fields: { number: string({ unique: true }), title: string(), locked: boolean({ default: false }), margin: int({ default: 0 }), source: string({ default: 'web' }) },
  relations: { owner: one('User'), items: many('Item', { by: 'order' }), tags: many('Tag', { link: true }) },
})
export const Item = entity('Item', { fields: { text: string() }, relations: { order: one('Order', { onDelete: 'cascade', onRemove: 'cascade' }) } })
export const Tag = entity('Tag', { fields: { name: string({ unique: true }), hidden: boolean({ default: false }) }, relations: { orders: many('Order', { by: 'tags' }) } })`,
  'policies/all.ts': `
import { Item, Order, Tag, User } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', clerk: 'Works on what is theirs.', reader: 'Reads what is theirs.' })
export const actor = defineActor(User, {})
const admins = { allow: 'admin', to: anything } as const
export const P0 = policy(User, { 'people are known': { allow: signedIn, to: 'read' } })
export const P1 = policy(Order, {
  admins,
  'own orders are seen': { allow: ['clerk', 'reader'], to: 'read', where: { owner: actor.id } },
  'own orders are made': { allow: 'clerk', to: 'create', where: { owner: actor.id }, except: ['margin', 'source'], sets: { source: 'desk' } },
  'own open orders are changed': { allow: 'clerk', to: 'update', where: { owner: actor.id, locked: false }, except: ['margin', 'source'] },
  'own open orders go': { allow: 'clerk', to: ['delete', 'remove', 'restore'], where: { owner: actor.id, locked: false } },
  'margins are for admins': { reserve: ['margin'], to: ['read', 'create', 'update'], for: 'admin' },
})
export const P2 = policy(Item, { admins, 'lines of what is seen': { allow: 'clerk', to: anything, where: { order: may('read') } } })
export const P3 = policy(Tag, { admins, 'tags are seen': { allow: 'clerk', to: ['read', 'create'], where: { hidden: false } } })`,
}

const id = (n: number) => `00000000-0000-7000-8000-0000000000${n}`
/** Orders; the locked one may be seen and not changed. */
export const rows = {
  own: id(31),
  locked: id(32),
  hidden: id(33),
  foreign: id(34),
  spare: id(35),
  absent: id(39),
} as const
/** Items of them. */
export const lines = { own: id(41), hidden: id(43), foreign: id(44), absent: id(49) } as const
/** Tags of them. */
export const tags = { own: id(51), hidden: id(53), foreign: id(54), absent: id(59) } as const
/** Who tries. */
export const clerk = { roles: ['clerk'] }

const texts = `
      insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil');
      insert into app."order" (tenant_id, id, number, title, locked, owner_id) values
        ('${acme}', '${rows.own}', 'O-1', 'Own red', false, '${ann}'), ('${acme}', '${rows.spare}', 'O-5', 'Own blue', false, '${ann}'),
        ('${acme}', '${rows.locked}', 'O-2', 'Own locked', true, '${ann}'), ('${acme}', '${rows.hidden}', 'O-3', 'Hidden umbrella', false, '${gil}'),
        ('${globex}', '${rows.foreign}', 'O-4', 'Foreign zebra', false, '${ann}');
      insert into app.item (tenant_id, id, text, order_id) values
        ('${acme}', '${lines.own}', 'own', '${rows.own}'), ('${acme}', '${lines.hidden}', 'hidden', '${rows.hidden}'), ('${globex}', '${lines.foreign}', 'foreign', '${rows.foreign}');
      insert into app.tag (tenant_id, id, name, hidden) values
        ('${acme}', '${tags.own}', 'own', false), ('${acme}', '${tags.hidden}', 'hush', true), ('${globex}', '${tags.foreign}', 'theirs', false);`

/** An app whose clerks work on what is theirs, for one test file. */
export function useDoors(): () => WrittenServer {
  const app = useWrittenServer(files, ['admin', 'clerk', 'reader'])
  beforeAll(() => app().database.asOwner((client) => client.query(texts)))
  return app
}

/** What is sent. */
export type Request = readonly [query: string, variables: object]
type Rows = { readonly row: string; readonly line: string; readonly tag: string }

/** A mutation with this input; what it does stands under `answer`. */
export const say = (field: string, input: object): Request => {
  const ofKeys = /^(delete|remove|restore)\w+s$/.test(field)
  const type = ofKeys ? 'RowIdsInput' : `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`
  const gives =
    /orders$|items$/i.test(field) && !/^(un)?link/.test(field) ? 'ids' : /ink/.test(field) ? '__typename' : 'id'
  return [`mutation ($input: ${type}!) { answer: ${field}(input: $input) { ${gives} } }`, { input }]
}
/** A number that no order has. */
export const free = () => `F-${randomUUID().slice(0, 8)}`
/** A new order that a clerk may make. */
export const order = (more: object = {}) => ({ number: free(), title: 'New', ownerId: ann, ...more })

/** Doors through which a row of somebody is changed, or something is hung on it. */
export const doors: Readonly<Record<string, (of: Rows) => Request>> = {
  update: ({ row }) => say('updateOrder', { id: row, patch: { title: 'Mine' } }),
  'update of several': ({ row }) =>
    say('updateOrders', { orders: [rows.own, row].map((key) => ({ id: key, patch: { title: 'Mine' } })) }),
  'a line below it': ({ row }) => say('createItem', { item: { text: 'x', orderId: row } }),
  'lines below it': ({ row }) =>
    say('createItems', { items: [rows.own, row].map((orderId) => ({ text: 'x', orderId })) }),
  'a line connected to it': ({ row }) => say('createItem', { item: { text: 'x', order: { connect: { id: row } } } }),
  'lines inside of a patch': ({ row }) =>
    say('updateOrder', { id: row, patch: { items: { create: [{ text: 'x' }] } } }),
  'its line moved to a new order': ({ line }) =>
    say('createOrder', { order: order({ items: { connect: [{ id: line }] } }) }),
  'its line moved by a patch': ({ line }) => say('updateItem', { id: line, patch: { orderId: rows.own } }),
  'a line moved to it': ({ row }) => say('updateItem', { id: lines.own, patch: { orderId: row } }),
  'a tag of it': ({ row }) => say('linkOrderTags', { orderId: row, tagIds: [tags.own] }),
  'its tag': ({ tag }) => say('linkOrderTags', { orderId: rows.own, tagIds: [tags.own, tag] }),
  'its tag on a new order': ({ tag }) => say('createOrder', { order: order({ tagIds: [tag] }) }),
  'its tag connected': ({ tag }) => say('createOrder', { order: order({ tags: { connect: [{ id: tag }] } }) }),
  'its tag in a batch': ({ tag }) => say('createOrders', { orders: [order(), order({ tagIds: [tag] })] }),
  'restoration of it': ({ row }) => say('restoreOrder', { id: row }),
  'restoration of several': ({ row }) => say('restoreOrders', { ids: [row] }),
  removal: ({ row }) => say('removeOrder', { id: row }),
  'removal of several': ({ row }) => say('removeOrders', { ids: [rows.spare, row] }),
  deletion: ({ row }) => say('deleteOrder', { id: row }),
  'deletion of several': ({ row }) => say('deleteOrders', { ids: [rows.spare, row] }),
}
/** Which rows are tried. */
export const behind = (which: 'hidden' | 'foreign' | 'absent'): Rows => ({
  row: rows[which],
  line: lines[which],
  tag: tags[which],
})

/** Doors by which a clerk gives an order values; `n` is the number of one that is there, or a free one. */
export const giving: Readonly<Record<string, (values: object) => Request>> = {
  create: (values) => say('createOrder', { order: order(values) }),
  'create of several': (values) => say('createOrders', { orders: [order(), order(values)] }),
  'create inside of a row': (values) => say('createItem', { item: { text: 'x', order: { create: order(values) } } }),
  'create inside of a row of several': (values) =>
    say('createItems', {
      items: [
        { text: 'x', orderId: rows.own },
        { text: 'y', order: { create: order(values) } },
      ],
    }),
  'upsert that makes': (values) => say('upsertOrder', { by: 'NUMBER', order: order(values) }),
  'upsert of several that makes': (values) => say('upsertOrders', { by: 'NUMBER', orders: [order(), order(values)] }),
  update: (values) => say('updateOrder', { id: rows.own, patch: values }),
  'update of several': (values) =>
    say('updateOrders', {
      orders: [
        { id: rows.spare, patch: { title: 'x' } },
        { id: rows.own, patch: values },
      ],
    }),
}
