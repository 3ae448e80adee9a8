import { defineActor, defineRoles, words } from 'rowhouse/policies'
import { choice, string } from 'rowhouse/schema'
import { User } from '../schema/people.entity.ts'

const { reach, claim } = words(User)

// @ts-expect-error unknown target
export const a = reach('Organisation', { via: 'Membership', as: 'user' })
// @ts-expect-error unknown entity in between
export const b = reach('Organization', { via: 'Membershp', as: 'user' })
// @ts-expect-error orders do not lead to organizations
export const c = reach('Organization', { via: 'Order', as: 'placedBy' })
// @ts-expect-error that relation is not the caller
export const d = reach('Organization', { via: 'Membership', as: 'organization' })
// @ts-expect-error no such relation
export const e = reach('Organization', { via: 'Membership', as: 'usr' })
// @ts-expect-error the caller is needed
export const f = reach('Organization', { via: 'Membership' })
// @ts-expect-error unknown value
export const g = reach('Organization', { via: 'Membership', as: 'user', where: { level: 'boss' } })
// @ts-expect-error unknown field
export const h = reach('Organization', { via: 'Membership', as: 'user', where: { levle: 'manager' } })
// @ts-expect-error misspelt option
export const i = reach('Organization', { via: 'Membership', as: 'user', were: {} })
// @ts-expect-error a claim is written as a field
export const j = claim(['eu', 'us'])
// @ts-expect-error the actor has an id anyhow
export const k = defineActor(User, { id: claim(string()) })
// @ts-expect-error a field is no claim
export const l = defineActor(User, { region: choice(['eu', 'us']) })
// @ts-expect-error a name that the actor needs itself
export const m = defineActor(User, { values: claim(string()) })
// @ts-expect-error an entity
export const n = defineActor('User', {})

// @ts-expect-error unknown role
export const o = defineRoles({ sales: 'Sells.', lead: { note: 'Leads.', includes: ['slaes'] } })
// @ts-expect-error a note is needed
export const p = defineRoles({ sales: { includes: ['sales'] } })
// @ts-expect-error misspelt part
export const q = defineRoles({ sales: 'Sells.', lead: { note: 'Leads.', include: ['sales'] } })
