import type { AppFiles } from '../../schema/written-app.ts'
import { useWrittenServer, type Who } from '../graphql/support-links.ts'

export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
const id = (kind: number, n: number) => `00000000-0000-7000-800${kind}-00000000000${n}`
export const [ann, bob] = [id(1, 1), id(1, 2)]
export const [red, blue] = [id(3, 1), id(3, 2)]

/** Every kind of mutation: rows, links, ordered parts, secrets, a key of texts. */
export const desk: AppFiles = {
  'schema/all.entity.ts': `
export const User = entity('User', { tenant: false, fields: { name: string() }, relations: {} })
export const Tag = entity('Tag', { fields: { name: string() }, relations: { tickets: many('Ticket', { by: 'tags' }) } })
export const Ticket = entity('Ticket', {
  fields: { title: string(), secret: boolean({ default: false }), pin: secret({ keep: 'hash', optional: true }), code: string({ optional: true, unique: true }) },
  relations: { tags: many('Tag', { link: true }), steps: many('Step', { by: 'ticket' }) },
})
export const Step = entity('Step', { fields: { text: string() }, relations: { ticket: partOf('Ticket', { ordered: true }) } })
export const Country = entity('Country', { key: 'iso', fields: { iso: string(), name: string() }, relations: {} })
export const Ledger = entity('Ledger', { builtIns: { updatedAt: false }, fields: { text: string() }, relations: {} })
export const Stamp = entity('Stamp', { builtIns: { updatedAt: { name: 'changed_at', type: 'timestamp' } }, fields: { text: string() }, relations: {} })
export const Note = entity('Note', { fields: { text: string() }, relations: {} })`,
  'policies/all.ts': `
import { User, Tag, Ticket, Step, Country, Ledger, Stamp, Note } from '../schema/all.entity.ts'
export const roles = defineRoles({ clerk: 'Works.', boss: 'Sees all.', temp: 'Works, and sets no pins.' })
export const actor = defineActor(User, {})
export const UserPolicy = policy(User, { 'people are seen': { allow: 'clerk', to: 'read' } })
export const TagPolicy = policy(Tag, { 'tags': { allow: ['clerk', 'boss'], to: anything } })
export const TicketPolicy = policy(Ticket, {
  'open tickets': { allow: 'clerk', to: ['read', 'create', 'update', 'remove', 'restore', 'delete'], where: { secret: false } },
  'temps see tickets': { allow: 'temp', to: 'read', where: { secret: false } },
  'temps make tickets': { allow: 'temp', to: 'create', except: ['pin'] },
  'all tickets': { allow: 'boss', to: anything },
})
export const StepPolicy = policy(Step, { 'steps': { allow: ['clerk', 'boss'], to: anything } })
export const CountryPolicy = policy(Country, { 'countries': { allow: ['clerk', 'boss'], to: anything } })
export const LedgerPolicy = policy(Ledger, { 'ledgers': { allow: 'clerk', to: ['read', 'create', 'update'] } })
export const StampPolicy = policy(Stamp, { 'stamps': { allow: 'clerk', to: anything } })
export const NotePolicy = policy(Note, { 'anybody leaves one': { allow: everyone, to: 'create' } })`,
}

const rows = `
insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${bob}', 'Bob');
insert into app.tag (tenant_id, id, name) values ('${acme}', '${red}', 'red'), ('${acme}', '${blue}', 'blue');
`

/** The desk in front of a database of its own, for one test file. */
export const useDesk = () => useWrittenServer(desk, rows, [['clerk'], ['boss'], ['temp'], []])

export const as = (roles: readonly string[], sub = ann, tenant = acme): Who => ({ sub, tenant, roles })
export const clerk = as(['clerk'])
export const boss = as(['boss'])
export const temp = as(['temp'])
