import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadDevKeys } from '#server'
import { modelOf } from '../../schema/written-app.ts'
import { useDatabase } from '../../support/database.ts'
import { recordStatements, type StatementRecorder } from '../../support/statement-recorder.ts'
import { type Answer, type ShopServer, startShopServer } from '../client.ts'

export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
export const absent = '00000000-0000-7000-8000-00000000dead'
const id = (kind: number, n: number) => `00000000-0000-7000-800${kind}-00000000000${n}`
export const [ann, gil] = [id(1, 1), id(1, 2)]
export const [customer, hiddenCustomer, foreignCustomer] = [id(2, 1), id(2, 2), id(2, 3)]
export const [order, closedOrder, foreignOrder, hiddenOrder] = [id(3, 1), id(3, 2), id(3, 3), id(3, 4)]
export const [line, closedLine, foreignLine, removedLine] = [id(4, 1), id(4, 2), id(4, 3), id(4, 4)]
export const [product, hiddenProduct] = [id(5, 1), id(5, 2)]
export const [red, secretTag, foreignTag] = [id(6, 1), id(6, 2), id(6, 3)]

/** Every way on which rows are written together: clerks sell, bosses do anything, readers only read. */
const app = {
  'schema/all.entity.ts': `
export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Customer = entity('Customer', {
  fields: { name: string({ max: 20 }), secret: boolean({ default: false }), credit: int({ default: 0 }), pin: secret({ keep: 'hash', optional: true }) },
  relations: { orders: many('Order', { by: 'customer' }), notes: many('Note', { by: 'subject' }) },
})
export const Order = entity('Order', {
  fields: { number: string({ unique: true }), open: boolean({ default: true }), source: string({ default: 'unknown' }) },
  relations: {
    customer: one('Customer', { note: 'Who pays.' }), placedBy: one('User', { optional: true, onDelete: 'setNull' }),
    lines: many('OrderLine', { by: 'order' }), parcel: hasOne('Parcel', { by: 'order' }), notes: many('Note', { by: 'subject' }),
    tags: many('Tag', { link: true }), marks: many('Mark', { by: 'order' }), marked: many('Tag', { through: 'Mark' }), goods: many('Product', { through: 'OrderLine' }),
  },
})
export const OrderLine = entity('OrderLine', {
  fields: { quantity: int({ min: 1 }), price: money({ currency: 'EUR', default: '1' }) },
  relations: { order: partOf('Order', { ordered: true }), product: one('Product') },
  rules: { 'no more than a hundred': { quantity: { atMost: 100 } } },
})
export const Product = entity('Product', { fields: { name: string(), secret: boolean({ default: false }) } })
export const Parcel = entity('Parcel', { fields: { code: string() }, relations: { order: one('Order', { unique: true, readonly: true }) } })
export const Tag = entity('Tag', { fields: { name: string({ unique: true }), secret: boolean({ default: false }) } })
export const Mark = entity('Mark', {
  fields: { note: string({ optional: true }) }, relations: { order: one('Order', { onDelete: 'cascade' }), tag: one('Tag') },
})
export const Note = entity('Note', { fields: { text: string() }, relations: { subject: oneOf(['Order', 'Customer']) } })
export const Folder = entity('Folder', {
  tree: 'parent', fields: { name: string() },
  relations: { parent: one('Folder', { optional: true }), children: many('Folder', { by: 'parent' }) },
})
export const Drop = entity('Drop', { fields: { text: string() }, relations: { parts: many('DropPart', { by: 'drop' }) } })
export const DropPart = entity('DropPart', { fields: { text: string() }, relations: { drop: one('Drop') } })
`,
  'policies/actor.ts': `import { defineActor } from 'rowhouse/policies'
import { User } from '../schema/all.entity.ts'
export const actor = defineActor(User, {})`,
  'policies/all.ts': `
import { User, Customer, Order, OrderLine, Product, Parcel, Tag, Mark, Note, Folder, Drop, DropPart } from '../schema/all.entity.ts'
import { actor } from './actor.ts'
export const roles = defineRoles({ clerk: 'Works.', boss: 'Does all.', reader: 'Reads.' })
const boss = { 'bosses do anything': { allow: 'boss', to: anything } } as const
const reader = { 'readers read': { allow: 'reader', to: 'read' } } as const
export const P1 = policy(User, { 'all': { allow: signedIn, to: 'read' } })
export const P2 = policy(Customer, { ...boss, ...reader,
  'clerks see public customers': { allow: 'clerk', to: 'read', where: { secret: false } },
  'clerks win customers': { allow: 'clerk', to: ['create', 'update'], where: { secret: false }, except: ['credit'] },
})
export const P3 = policy(Order, { ...boss, ...reader,
  'clerks see public orders': { allow: 'clerk', to: 'read', where: { customer: { secret: false } } },
  'clerks take orders in their name': { allow: 'clerk', to: 'create', where: { open: true }, sets: { placedBy: actor.id, source: 'desk' } },
  'clerks change open orders': { allow: 'clerk', to: 'update', where: { open: true }, except: ['placedBy', 'source'] },
})
export const P4 = policy(OrderLine, { ...boss, ...reader,
  'clerks see lines': { allow: 'clerk', to: 'read', where: { order: { customer: { secret: false } } } },
  'clerks write lines of open orders': { allow: 'clerk', to: ['create', 'update'], where: { order: { open: true } }, except: ['price'] },
  'thirteen is unlucky': { deny: everyone, to: 'create', where: { quantity: 13 }, because: 'Nobody takes thirteen.' },
})
export const P5 = policy(Product, { ...boss, 'public ones': { allow: ['clerk', 'reader'], to: 'read', where: { secret: false } } })
export const P6 = policy(Parcel, { ...boss, 'clerks pack': { allow: 'clerk', to: anything } })
export const P7 = policy(Tag, { ...boss, 'clerks tag': { allow: 'clerk', to: ['read', 'create'], where: { secret: false } } })
export const P8 = policy(Mark, { ...boss, 'clerks mark': { allow: 'clerk', to: ['read', 'create'] } })
export const P9 = policy(Note, { ...boss, 'clerks note': { allow: 'clerk', to: anything } })
export const P10 = policy(Folder, { ...boss, 'clerks file': { allow: 'clerk', to: anything } })
export const P11 = policy(Drop, { 'anybody drops': { allow: 'clerk', to: 'create' } })
export const P12 = policy(DropPart, { 'anybody drops': { allow: 'clerk', to: 'create' } })
`,
}

const rows = `
insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil');
insert into app.customer (tenant_id, id, name, secret) values
  ('${acme}', '${customer}', 'Bakery', false), ('${acme}', '${hiddenCustomer}', 'Mint', true), ('${globex}', '${foreignCustomer}', 'Farm', false);
insert into app."order" (tenant_id, id, number, open, customer_id) values
  ('${acme}', '${order}', 'A1', true, '${customer}'), ('${acme}', '${closedOrder}', 'A2', false, '${customer}'),
  ('${globex}', '${foreignOrder}', 'G1', true, '${foreignCustomer}'), ('${acme}', '${hiddenOrder}', 'A3', true, '${hiddenCustomer}');
insert into app.product (tenant_id, id, name, secret) values ('${acme}', '${product}', 'Bread', false), ('${acme}', '${hiddenProduct}', 'Gold', true);
insert into app.order_line (tenant_id, id, order_id, product_id, quantity) values
  ('${acme}', '${line}', '${order}', '${product}', 1), ('${acme}', '${closedLine}', '${closedOrder}', '${product}', 2);
insert into app.order_line (tenant_id, id, order_id, product_id, quantity, order_position, deleted_at) values
  ('${acme}', '${removedLine}', '${order}', '${product}', 1, 9999, now());
insert into app.tag (tenant_id, id, name, secret) values
  ('${acme}', '${red}', 'red', false), ('${acme}', '${secretTag}', 'secret', true), ('${globex}', '${foreignTag}', 'green', false);
insert into app.product (tenant_id, id, name) values ('${globex}', '${id(5, 3)}', 'Hay');
insert into app.order_line (tenant_id, id, order_id, product_id, quantity) values ('${globex}', '${foreignLine}', '${foreignOrder}', '${id(5, 3)}', 3);
`

/** The server with a recorder between it and its database. */
export interface NestedServer extends ShopServer {
  readonly recorder: StatementRecorder
  /** Asks as somebody of Acme, clerk unless said otherwise. */
  askAs(roles: readonly string[], query: string, variables?: object): Promise<Answer>
  /** How many rows of a table there are, whoever may see them. */
  count(table: string): Promise<number>
}

/** The app on a database of its own, for the test file that calls this at its top. */
export function useNestedServer(): () => NestedServer {
  const database = useDatabase()
  let running: NestedServer | undefined
  let folder = ''
  beforeAll(async () => {
    const model = { ...(await modelOf(app)), app: database().name }
    await database().applyCatalog(buildCatalog(model))
    await database().ensureRoleSets([['clerk'], ['boss'], ['reader'], []])
    await database().asOwner((client) => client.query(rows))
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
    const recorder = await recordStatements(database().loginUrl)
    const shop = { model, database: { ...database(), loginUrl: recorder.url } }
    const server = await startShopServer(shop, await loadDevKeys(folder), { poolSize: 1 })
    const askAs: NestedServer['askAs'] = async (roles, query, variables = {}) =>
      server.ask(query, variables, await server.token({ sub: ann, tenant: acme, roles: [...roles], claims: {} }))
    const count: NestedServer['count'] = async (table) => {
      const text = `select count(*)::int as n from app."${table}"`
      return (await database().asOwner((client) => client.query<{ n: number }>(text))).rows[0]!.n
    }
    running = { ...server, recorder, askAs, count }
  })
  afterAll(async () => {
    await running?.server.close()
    await running?.recorder.close()
    await rm(folder, { recursive: true })
  })
  return () => running!
}
