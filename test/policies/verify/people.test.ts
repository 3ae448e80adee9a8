import { expect, test } from 'vitest'
import { ModelError } from '#base'
import { loadModel } from '#policies'
import { type Mistake, testMistakes } from '../../schema/mistakes.ts'
import { problemsOf, withApp } from '../../schema/written-app.ts'
import { withOrderRules, withPolicies } from './small-app.ts'

/** The small shop with these roles beside `admin`. */
function withRoles(roles: string) {
  return withPolicies((source) =>
    source.replace(/defineRoles\([^\n]*/, `defineRoles({ admin: 'Does everything.',\n${roles} })`),
  )
}

/** The small shop with these values of the actor beside its own. */
function withActorValues(values: string) {
  return withPolicies((source) => source.replace('limit: claim(int()),', `limit: claim(int()),\n${values}`))
}

const roles: readonly Mistake[] = [
  ['a name with _', [['NAME_INVALID', 'key_account']], `key_account: 'x'`],
  ['a name of ours', [['NAME_RESERVED', 'owner']], `owner: 'x'`],
  ['a name of ours in another app', [['NAME_RESERVED', 'euOwner']], `euOwner: 'x'`],
  ['a name of a role set', [['NAME_RESERVED', 'setManager']], `setManager: 'x'`],
  ['a name of who has two roles', [['NAME_RESERVED', 'bothSides']], `bothSides: 'x'`],
  ['a word for everybody', [['NAME_RESERVED', 'signedIn']], `signedIn: 'x'`],
  ['a name that is cut', [['NAME_TOO_LONG', 'a'.repeat(59)]], `${'a'.repeat(59)}: 'x', ${'b'.repeat(58)}: 'x'`],
  ['names of one role', [['NAME_CLASH', 'aBC']], `aBc: 'x', aBC: 'y'`],
  ['an unknown one included', [['ROLE_INCLUDES_INVALID', "'admn'"]], `manager: { note: 'x', includes: ['admn'] }`],
  [
    'going round',
    [
      ['ROLE_INCLUDES_INVALID', "'b'"],
      ['ROLE_INCLUDES_INVALID', "'c'"],
      ['ROLE_INCLUDES_INVALID', "'a'"],
    ],
    `a: { note: 'x', includes: ['b'] }, b: { note: 'x', includes: ['c'] }, c: { note: 'x', includes: ['a'] }`,
  ],
  ['itself', [['ROLE_INCLUDES_INVALID', "'a'"]], `a: { note: 'x', includes: ['a'] }`],
  ['no note', [['TEXT_INVALID', "''"]], `a: ''`],
  ['no role', [['OPTION_INVALID', 'null']], `a: null`],
  ['an unknown option', [['OPTION_UNKNOWN', 'include']], `a: { note: 'x', include: ['admin'] }`],
]

const values: readonly Mistake[] = [
  [
    'an unknown target',
    [['ACTOR_REACH_INVALID', "'Organisation'"]],
    `a: reach('Organisation', { via: 'Membership', as: 'user' })`,
  ],
  ['an unknown link', [['ACTOR_REACH_INVALID', "'Member'"]], `a: reach('Organization', { via: 'Member', as: 'user' })`],
  [
    'a link that is not the caller',
    [['ACTOR_REACH_INVALID', "'usr'"]],
    `a: reach('Organization', { via: 'Membership', as: 'usr' })`,
  ],
  [
    'a link that leads elsewhere',
    [['ACTOR_REACH_INVALID', "'Membership'"]],
    `a: reach('Customer', { via: 'Membership', as: 'user' })`,
  ],
  [
    'a condition of the link',
    [['POLICY_PATH_UNKNOWN', 'levl']],
    `a: reach('Organization', { via: 'Membership', as: 'user', where: { levl: 'manager' } })`,
  ],
  [
    'an unknown option',
    [['OPTION_UNKNOWN', 'from']],
    `a: reach('Organization', { via: 'Membership', as: 'user', from: 'user' })`,
  ],
  [
    'a way that leads elsewhere',
    [['ACTOR_REACH_INVALID', "'customer.organization'"]],
    `a: reach('Customer', { via: 'Order', as: 'customer.organization', to: 'customer' })`,
  ],
  [
    'a way over nothing',
    [['ACTOR_REACH_INVALID', "'customer.orders.placdBy'"]],
    `a: reach('Customer', { via: 'Order', as: 'customer.orders.placdBy', to: 'customer' })`,
  ],
  [
    'a way over too much',
    [['ACTOR_REACH_INVALID', "'customer.orders.customer.orders'"]],
    `a: reach('Customer', { via: 'Order', as: 'customer.orders.customer.orders', to: 'customer' })`,
  ],
  [
    'an end that is not there',
    [['ACTOR_REACH_INVALID', "'custmer'"]],
    `a: reach('Customer', { via: 'Order', as: 'placedBy', to: 'custmer' })`,
  ],
  [
    'an end that is something else',
    [['ACTOR_REACH_INVALID', "'customer'"]],
    `a: reach('Organization', { via: 'Order', as: 'placedBy', to: 'customer' })`,
  ],
  [
    'an end too far away',
    [['ACTOR_REACH_INVALID', "'customer.organization.name'"]],
    `a: reach('Organization', { via: 'Order', as: 'placedBy', to: 'customer.organization.name' })`,
  ],
  [
    'itself, of another entity',
    [['ACTOR_REACH_INVALID', "'id'"]],
    `a: reach('Customer', { via: 'Order', as: 'placedBy', to: 'id' })`,
  ],
  [
    'a relation that leads along no tree',
    [['ACTOR_REACH_INVALID', "'orders'"]],
    `a: reach('Customer', { via: 'Order', as: 'placedBy', to: 'customer', then: 'orders' })`,
  ],
  ['an own that is not there', [['ACTOR_OWN_INVALID', "own('nme')"]], `a: own('nme')`],
  ['an own of ours', [['ACTOR_OWN_INVALID', "own('createdAt')"]], `a: own('createdAt')`],
  ['an own that is no name', [['ACTOR_OWN_INVALID', 'own({})']], `a: own({})`],
  ['a name of tokens', [['NAME_RESERVED', 'sub']], `sub: claim(int())`],
  ['a name with _', [['NAME_INVALID', 'my_region']], `my_region: claim(int())`],
  ['names of one setting', [['NAME_CLASH', 'aBC']], `aBc: claim(int()), aBC: claim(int())`],
  ['an option of rows', [['ACTOR_CLAIM_INVALID', 'optional']], `a: claim(int({ optional: true }))`],
  ['a choice without values', [['CHOICE_VALUES_INVALID', 'claim(choice([]))']], `a: claim(choice([]))`],
  ['neither reach nor claim', [['OPTION_INVALID', 'int()']], `a: int()`],
]

testMistakes('roles', withRoles, roles)
testMistakes('values of the actor', withActorValues, values)

test('an actor that is not exported', async () => {
  const app = withPolicies((source) => source.replace('export const actor', 'const actor'))
  const problems = await problemsOf({
    ...app,
    'policies/order.policy.ts': app['policies/order.policy.ts']!.replace("import { actor } from './all.ts'", ''),
  })
  expect(problems).toEqual([
    ['DECLARATION_HIDDEN', 'defineActor'],
    ['ACTOR_MISSING', "'actor'"],
  ])
})

test('an actor of an entity that is not exported', async () => {
  const app = withPolicies((source) => source.replace('defineActor(User,', "defineActor({ name: 'Person' },"))
  expect(await problemsOf(app)).toContainEqual(['ACTOR_ENTITY_UNKNOWN', 'defineActor'])
})

test('a rule that uses a value which the actor lacks', async () => {
  const app = withOrderRules(`'a': { allow: 'admin', to: 'read', where: { number: other.region2 } }`)
  const source = `import { User } from '../schema/all.entity.ts'\n${app['policies/order.policy.ts']}`
  const other = 'const other = defineActor(User, { region2: words(User).claim(string()) })\nexport const OrderPolicy'
  const problems = await problemsOf({
    ...app,
    'policies/order.policy.ts': `import { string } from 'rowhouse/schema'\nimport { defineActor, policy, words } from 'rowhouse/policies'\n${source.replace('export const OrderPolicy', other)}`,
  })
  expect(problems).toEqual([
    ['DECLARATION_HIDDEN', 'defineActor'],
    ['ACTOR_VALUE_UNKNOWN', 'other.region2'],
  ])
})

test('a default that is the caller leads to where callers are', async () => {
  const app = withOrderRules(`'all': { allow: 'admin', to: anything }`)
  const problems = await problemsOf({
    ...app,
    'schema/all.entity.ts': app['schema/all.entity.ts']!.replace(
      "one('Customer')",
      "one('Customer', { default: 'actor' })",
    ),
  })
  expect(problems).toEqual([['RELATION_DEFAULT_INVALID', "'actor'"]])
})

test.each(['Shop', '9lives', 'a'.repeat(32), 'my-app', ''])('an app called %j', async (app) => {
  const loaded = withApp(withOrderRules(`'all': { allow: 'admin', to: anything }`), (folder) =>
    loadModel(folder, { app }),
  )
  await expect(loaded).rejects.toThrow(ModelError)
  await expect(loaded).rejects.toThrow(/^APP_NAME_INVALID/)
})

test.each(['postgres', 'template0', 'template1', 'pg_shop', 'pg_'])('an app called %j', async (app) => {
  const loaded = withApp(withOrderRules(`'all': { allow: 'admin', to: anything }`), (folder) =>
    loadModel(folder, { app }),
  )
  await expect(loaded).rejects.toThrow(/^APP_NAME_INVALID.*belongs to Postgres/)
})
