import * as language from 'rowhouse/policies'
import { choice, entity, string } from 'rowhouse/schema'
import { expect, test } from 'vitest'
import { kindOf } from '#schema'

const { anything, condition, defineActor, defineRoles, everyone, policy, signedIn, words } = language
const User = entity('User', { fields: { name: string() } })
const { reach, claim } = words(User)
const here = import.meta.filename

test('a policy holds its rules as they were written, with its place', () => {
  const rules = { 'people see themselves': { allow: signedIn, to: 'read', where: { name: 'ann' } } } as const
  const declared = policy(User, rules)
  expect(kindOf(declared)).toBe('policy')
  expect(declared).toMatchObject({ of: 'User', rules, at: { file: here } })
  expect(Object.isFrozen((declared as unknown as { rules: typeof rules }).rules['people see themselves'])).toBe(true)
})

test('a condition is told apart by its tag, whatever its fields are called', () => {
  const named = condition(User, { kind: 'field', name: 'condition' })
  expect(kindOf(named)).toBe('condition')
  expect(named).toMatchObject({ of: 'User', where: { kind: 'field', name: 'condition' }, at: { file: here } })
  expect(kindOf({ kind: 'condition', of: 'User', where: {} })).toBeNull()
  // Else `name` would be lost without a word: what is spread is not the condition.
  expect(kindOf({ ...named, name: 'bob' })).toBeNull()
})

test('words are declarations, not texts', () => {
  expect([signedIn, everyone, anything].map(kindOf)).toEqual(['word', 'word', 'word'])
  expect([signedIn, everyone, anything]).toEqual([{ word: 'signedIn' }, { word: 'everyone' }, { word: 'anything' }])
})

test('roles hold their notes and what they include', () => {
  const roles = defineRoles({ sales: 'Sells.', lead: { note: 'Leads.', includes: ['sales'] } })
  expect(kindOf(roles)).toBe('roles')
  expect(roles).toMatchObject({
    roles: { sales: 'Sells.', lead: { note: 'Leads.', includes: ['sales'] } },
    at: { file: here },
  })
})

test('the actor has an id, and each value by its name', () => {
  const region = choice(['eu', 'us'])
  const teams = reach('Team', { via: 'Member', as: 'user' })
  const actor = defineActor(User, { teams, region: claim(region) })
  expect(kindOf(actor)).toBe('actor')
  expect(actor).toMatchObject({ of: 'User', at: { file: here }, values: { teams, region: { field: region } } })
  expect([actor.id, actor.teams, actor.region].map(kindOf)).toEqual(['actorRef', 'actorRef', 'actorRef'])
  expect([actor.id, actor.teams, actor.region]).toEqual([{ name: 'id' }, { name: 'teams' }, { name: 'region' }])
  expect([kindOf(teams), kindOf(claim(region))]).toEqual(['reach', 'claim'])
  expect(teams).toEqual({ to: 'Team', options: { via: 'Member', as: 'user' } })
})

test('a hostile value of the actor never replaces what the declaration says of itself', () => {
  const values = JSON.parse('{ "of": 1, "values": 1, "at": 1, "id": 1, "__proto__": 1 }')
  const actor = defineActor(User, values) as unknown as Record<string, unknown>
  expect(actor).toMatchObject({ of: 'User', values: { of: 1, values: 1 }, id: { name: 'id' } })
  expect(kindOf(actor)).toBe('actor')
  expect(Object.getPrototypeOf(actor)).toBe(Object.prototype)
})

test('exact amounts are there for rules too', () => {
  expect(language.usd('50000')).toEqual({ currency: 'USD', amount: '50000' })
})

test('everyone except some roles holds their names', () => {
  const except = language.everyoneExcept('admin', 'lead')
  expect(kindOf(except)).toBe('except')
  expect(except).toEqual({ roles: ['admin', 'lead'] })
})
