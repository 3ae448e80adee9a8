import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type ExportedEntity, typesFile } from '../../schema/types-file/types-file.ts'

/** Writes an app of many entities, each with relations, a lifecycle, indexes and eight rules, into a folder. */
export function writeLargeApp(folder: string, size: number): void {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  cpSync(join(import.meta.dirname, 'tsconfig.json'), join(folder, 'tsconfig.json'))
  const numbers = Array.from({ length: size }, (_, index) => index)
  for (const n of numbers) {
    write(`schema/thing-${n}.entity.ts`, entityText(n, size))
    write(`policies/thing-${n}.policy.ts`, policyText(n))
  }
  write('schema/people.entity.ts', peopleText)
  write('policies/actor.ts', actorText)
  write('policies/roles.ts', rolesText)
  write('policies/people.policy.ts', peoplePoliciesText)
  const entities: ExportedEntity[] = [
    ...['User', 'Team', 'Member'].map((name) => ({ name, file: 'schema/people.entity.ts', exported: name })),
    ...numbers.map((n) => ({ name: `Thing${n}`, file: `schema/thing-${n}.entity.ts`, exported: `Thing${n}` })),
  ]
  write('.rowhouse/types.d.ts', typesFile({ entities, roles: { file: 'policies/roles.ts', exported: 'roles' } }))
}

function entityText(n: number, size: number): string {
  return `
import { boolean, choice, date, entity, int, many, money, one, string, text } from 'rowhouse/schema'
export const Thing${n} = entity('Thing${n}', {
  note: 'A thing.', display: 'name',
  fields: {
    name: string({ max: 120 }), number: string({ unique: true, max: 20 }), notes: text({ optional: true }),
    count: int({ min: 0 }), price: money({ currency: 'EUR' }), dueOn: date({ optional: true }),
    open: boolean({ default: true }), kind: choice(['a', 'b', 'c'], { default: 'a' }),
  },
  relations: {
    parent: one('Thing${(n + 1) % size}', { optional: true, onDelete: 'setNull' }),
    team: one('Team'), madeBy: one('User', { default: 'actor' }),
    children: many('Thing${(n + size - 1) % size}', { by: 'parent' }),
  },
  lifecycle: {
    initial: 'draft', states: ['draft', 'placed', 'done'],
    transitions: { place: { from: 'draft', to: 'placed', when: { dueOn: { isNot: null } } }, finish: { from: 'placed', to: 'done' } },
  },
  actions: { remind: { input: { message: text({ max: 500 }) }, runs: 'workers/remind' } },
  unique: [['team', 'name']],
  indexes: [{ on: ['status', '-dueOn'] }, { on: ['team'], where: { open: true } }],
})
`
}

function policyText(n: number): string {
  return `
import { anything, condition, eur, its, policy, row, signedIn } from 'rowhouse/policies'
import { Thing${n} } from '../schema/thing-${n}.entity.ts'
import { actor } from './actor.ts'
export const ours = condition(Thing${n}, { team: { in: actor.teams } })
export const Policy = policy(Thing${n}, {
  'admins do anything': { allow: 'admin', to: anything },
  'staff sees its own': { allow: 'staff', to: 'read', where: ours },
  'staff sees those of its region': { allow: 'staff', to: 'read', where: { parent: { parent: { team: { name: actor.badge } } }, children: { some: { name: { is: its('number') } } } } },
  'staff makes its own': { allow: 'staff', to: 'create', where: { team: actor.teams, madeBy: actor.id }, except: ['notes'] },
  'staff edits drafts': { allow: 'staff', to: 'update', where: { team: { in: actor.teams }, status: 'draft', count: { atMost: row('parent.count') } }, becoming: ours, only: ['notes', 'team'] },
  'staff places': { allow: 'staff', to: ['place', 'remind'], where: { anyOf: [ours, { price: { atMost: eur('500') }, count: { over: 3 } }] } },
  'nothing done is removed': { deny: signedIn, to: ['remove', 'delete'], unless: { status: { isNot: 'done' } }, because: 'It is done.' },
})
`
}

const peopleText = `
import { entity, one, string } from 'rowhouse/schema'
export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Team = entity('Team', { fields: { name: string() } })
export const Member = entity('Member', { fields: { level: string() }, relations: { user: one('User'), team: one('Team') } })
`
const peoplePoliciesText = `
import { policy, signedIn } from 'rowhouse/policies'
import { Member, Team, User } from '../schema/people.entity.ts'
export const UserPolicy = policy(User, { 'people are seen': { allow: signedIn, to: 'read' } })
export const TeamPolicy = policy(Team, { 'teams are seen': { allow: signedIn, to: 'read' } })
export const MemberPolicy = policy(Member, { 'members are seen': { allow: signedIn, to: 'read' } })
`
const actorText = `
import { defineActor, words } from 'rowhouse/policies'
import { string } from 'rowhouse/schema'
import { User } from '../schema/people.entity.ts'
const { reach, claim } = words(User)
export const actor = defineActor(User, { teams: reach('Team', { via: 'Member', as: 'user' }), badge: claim(string()) })
`
const rolesText = `
import { defineRoles } from 'rowhouse/policies'
export const roles = defineRoles({ admin: 'Admin.', staff: 'Staff.' })
`
