import type { DevTokenSubject } from '#server'
import { ann, globex, useWrittenServer, type WrittenServer } from '../../options/written-server.ts'

/**
 * An app with what batches meet: links, ordered parts, numbers, value objects, guarded and secret fields, values that rules give, choices of
 * targets, keys of two columns, rules that deny and rules that count what is there.
 */
export function useDesk(): () => WrittenServer {
  return useWrittenServer(
    {
      'schema/all.entity.ts': `export const Customer = entity('Customer', { fields: { name: string(), blocked: boolean({ default: false }), hidden: boolean({ default: false }) } })
export const Tag = entity('Tag', { fields: { name: string() }, relations: { docs: many('Doc', { by: 'tags' }) } })
export const Doc = entity('Doc', {
  fields: { name: string({ default: 'nameless' }), code: string({ unique: true }), mail: string({ unique: true, ignoreCase: true, optional: true }), kind: string({ readonly: true, default: 'plain' }), state: string({ default: 'open' }), secret: boolean({ default: false }), price: money({ default: '1.00' }), cost: int({ default: 0 }), origin: string({ default: 'web' }), note: text({ optional: true }), to: embed({ city: string(), zip: string({ optional: true }) }, { optional: true }), pin: secret({ keep: 'hash', optional: true }) },
  relations: { customer: one('Customer', { optional: true }), tags: many('Tag', { link: true }), pages: many('Page', { by: 'doc' }) },
})
export const Page = entity('Page', { fields: { text: string({ default: '' }) }, relations: { doc: partOf('Doc', { ordered: true }) } })
export const Bill = entity('Bill', { fields: { number: numbering('B-{0000}'), amount: int() } })
export const Note = entity('Note', { fields: { text: string() }, relations: { subject: oneOf(['Customer', 'Doc']) } })
export const Room = entity('Room', { fields: { name: string() }, relations: { seats: many('Seat', { by: 'room' }) } })
export const Seat = entity('Seat', { fields: { name: string() }, relations: { room: one('Room') } })
export const Slot = entity('Slot', { key: ['room', 'hour'], fields: { hour: int({ readonly: true }), text: string({ default: 'free' }) }, relations: { room: one('Room', { readonly: true, onDelete: 'cascade', onRemove: 'cascade' }) } })
export const Wish = entity('Wish', { fields: { text: string({ unique: true }) } })`,
      'policies/all.ts': `import { Bill, Customer, Doc, Note, Page, Room, Seat, Slot, Tag, Wish } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', clerk: 'Works on what is no secret.', guest: 'Looks on.', maker: 'Makes, and changes nothing.' })
const all = { allow: 'admin', to: anything } as const
export const P0 = policy(Customer, { all, seen: { allow: 'clerk', to: 'read', where: { hidden: false } } })
export const P1 = policy(Tag, { all, seen: { allow: 'clerk', to: 'read' } })
export const P2 = policy(Doc, {
  'admins do everything': all,
  'docs are seen': { allow: ['clerk', 'guest', 'maker'], to: 'read', where: { secret: false } },
  'makers make': { allow: 'maker', to: 'create' },
  'clerks make open docs': { allow: 'clerk', to: 'create', where: { state: 'open' }, except: ['cost', 'origin'], sets: { origin: 'desk' } },
  'clerks change open docs': { allow: 'clerk', to: 'update', where: { state: 'open' }, becoming: 'anything', except: ['cost'] },
  'clerks remove what is open': { allow: 'clerk', to: ['remove', 'restore', 'delete'], where: { state: 'open' } },
  'costs are for admins': { reserve: ['cost'], to: ['read', 'create', 'update'], for: 'admin', because: 'Ask an admin.' },
  'blocked customers are left alone': { deny: signedIn, to: ['update', 'delete', 'remove', 'restore'], where: { customer: { blocked: true } }, because: 'Ask the bank.' },
})
export const P3 = policy(Page, { all })
export const P4 = policy(Bill, { all })
export const P5 = policy(Note, { all })
export const P6 = policy(Room, { all })
export const P7 = policy(Seat, { all, 'one seat a room': { deny: signedIn, to: 'create', where: { room: { seats: { some: { name: { isNot: '' } } } } } } })
export const P9 = policy(Slot, { all })
export const P8 = policy(Wish, { all, 'anybody wishes': { allow: everyone, to: 'create' }, 'visitors change nothing they cannot see': { allow: everyone, to: 'update' } })`,
    },
    ['admin', 'clerk', 'guest', 'maker'],
  )
}

/** Who has a role in Acme. */
export const as = (role: string): Partial<DevTokenSubject> => ({ roles: [role], sub: ann })

/** The admin of the other tenant. */
export const stranger: Partial<DevTokenSubject> = { tenant: globex }

/** A row that is nowhere. */
export const absent = '01980000-0000-7000-8000-00000000dead'
