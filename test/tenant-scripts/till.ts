import type { AppFiles } from '../schema/written-app.ts'

export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
const id = (kind: number, n: number) => `00000000-0000-7000-800${kind}-00000000000${n}`
export const [ann, bob] = [id(1, 1), id(1, 2)]
/** A sale of Acme, one of Globex. */
export const [pen, cup] = [id(2, 1), id(2, 2)]

/** Sales whose price a script may change for a tenant. */
export const till: AppFiles = {
  'schema/all.entity.ts': `
export const User = entity('User', { tenant: false, fields: { name: string() }, relations: {} })
export const Sale = entity('Sale', { fields: { item: string(), cents: int() }, relations: {} })`,
  'policies/all.ts': `
import { User, Sale } from '../schema/all.entity.ts'
export const roles = defineRoles({
  clerk: 'Sells.',
  admin: { note: 'Runs the shop.', includes: ['clerk'], publishesScripts: true },
  owner2: { note: 'Has the shop.', includes: ['admin'] },
})
export const actor = defineActor(User, {})
export const UserPolicy = policy(User, { 'people are seen': { allow: 'clerk', to: 'read' } })
export const SalePolicy = policy(Sale, { 'sales': { allow: 'clerk', to: anything }, 'admins see': { allow: 'admin', to: 'read' } })`,
}

/** Rows of the till. */
export const tillRows = `
insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${bob}', 'Bob');
insert into app.sale (tenant_id, id, item, cents) values ('${acme}', '${pen}', 'pen', 100), ('${globex}', '${cup}', 'cup', 200);
`
