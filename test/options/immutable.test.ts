import { expect, test } from 'vitest'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'
import { acme, ann, globex, useWrittenServer } from './written-server.ts'

const app = useWrittenServer(
  entitiesOnly(`export const Account = entity('Account', { fields: { name: string() }, relations: { entries: many('Entry', { by: 'account' }) } })
export const Entry = entity('Entry', {
  immutable: true, fields: { amount: money({ currency: 'EUR' }), text: string({ optional: true }) },
  relations: { account: one('Account', { onDelete: 'cascade', onRemove: 'keep' }), after: one('Entry', { optional: true }) },
})`),
)

const create = 'mutation ($entry: EntryInput!) { createEntry(input: { entry: $entry }) { id entry { amount } } }'

async function account(): Promise<string> {
  const made = 'mutation { createAccount(input: { account: { name: "a" } }) { id } }'
  return (await app().ask(made)).data.createAccount.id
}

test('rows are made, read, referred to and deleted; there is no verb that changes them', async () => {
  const accountId = await account()
  const { data, errors } = await app().ask(create, { entry: { amount: '1.50', accountId } })
  expect(errors).toEqual([])
  const { id } = data.createEntry
  expect((await app().ask(create, { entry: { amount: '2', accountId, afterId: id } })).errors).toEqual([])
  for (const verb of ['update', 'remove', 'restore']) {
    const { errors: refused } = await app().ask(`mutation { ${verb}Entry(input: { id: "${id}" }) { id } }`)
    expect(refused[0]!.message).toContain(`Cannot query field "${verb}Entry"`)
  }
  // Another tenant does not see it.
  const theirs = await app().ask(
    'mutation ($id: UUID!) { deleteEntry(input: { id: $id }) { id } }',
    { id },
    { tenant: globex },
  )
  expect(theirs.errors[0]!.extensions.code).toBe('NOT_FOUND')
})

test('a removed target keeps its entries; a deleted one takes them along', async () => {
  const accountId = await account()
  const made = await app().ask(create, { entry: { amount: '3', accountId } })
  const { errors } = await app().ask('mutation ($id: UUID!) { removeAccount(input: { id: $id }) { id } }', {
    id: accountId,
  })
  expect(errors).toEqual([])
  const read = '{ entries { nodes { amount } } }'
  expect((await app().ask(read)).data.entries.nodes).toContainEqual({ amount: '3.00' })
  await app().ask('mutation ($id: UUID!) { restoreAccount(input: { id: $id }) { id } }', { id: accountId })
  expect(
    (await app().ask('mutation ($id: UUID!) { deleteAccount(input: { id: $id }) { id } }', { id: accountId })).errors,
  ).toEqual([])
  const gone = await app().ask('query ($id: UUID!) { entry(id: $id) { id } }', { id: made.data.createEntry.id })
  expect(gone.data.entry).toBeNull()
})

const attempts = [
  'update app.entry set amount = 9',
  'update app.entry set deleted_at = now()',
  'update app.entry set id = id',
] as const

test.each(attempts)('no way around: %s', async (text) => {
  await app().ask(create, { entry: { amount: '4', accountId: await account() } })
  const { database } = app()
  const refused = { code: '42501' }
  await expect(
    database.asActor({ roles: ['admin'], tenant: acme, actor: ann }, (client) => client.query(text)),
  ).rejects.toMatchObject(refused)
  await expect(
    database.asRole(database.names.private, (client) => client.query(text), { 'rowhouse.tenant_id': acme }),
  ).rejects.toMatchObject(refused)
  await expect(database.asOwner((client) => client.query(text))).rejects.toMatchObject({ ...refused, table: 'entry' })
  const { data } = await app().ask('{ entries { nodes { amount } } }')
  expect(data.entries.nodes).not.toContainEqual({ amount: '9.00' })
})

const of = (more: string): string => `export const B = entity('B', { fields: {} })
export const A = entity('A', { immutable: true, fields: { n: int() }, ${more} })`

const mistakes: readonly Mistake[] = [
  [
    'a state',
    [['IMMUTABLE_CHANGED', "{ initial: 'a', states: ['a'], transitions: {} }"]],
    of("lifecycle: { initial: 'a', states: ['a'], transitions: {} }"),
  ],
  [
    'relations that change',
    [
      ['IMMUTABLE_CHANGED', "'setNull'"],
      ['IMMUTABLE_CHANGED', "'cascade'"],
    ],
    of("relations: { b: one('B', { optional: true, onDelete: 'setNull' }), c: one('B', { onRemove: 'cascade' }) }"),
  ],
]

testMistakes('immutable', entitiesOnly, mistakes)

testMistakes(
  'rules about immutable entities',
  (verb) => ({
    'schema/a.entity.ts': "export const A = entity('A', { immutable: true, fields: { n: int() } })",
    'policies/a.ts': `import { A } from '../schema/a.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
export const P = policy(A, { 'all': { allow: 'admin', to: '${verb}' } })`,
  }),
  ['update', 'remove', 'restore'].map((verb): Mistake => [verb, [['RULE_VERB_UNKNOWN', `'${verb}'`]], verb]),
)
