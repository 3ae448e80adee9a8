import { expect, test } from 'vitest'
import { roleSetName } from '#migrations'
import { acme, ann, gil, globex, useWrittenServer } from '../../options/written-server.ts'

// A lead includes sales. Notes are read by all but sales, placed ones go to nobody but admins, and nobody but admin or clerk removes.
const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const Note = entity('Note', { fields: { text: string(), secret: boolean({ default: false }) } })`,
    'policies/all.ts': `import { Note } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', clerk: 'Writes.', sales: 'Sells.', lead: { note: 'Leads.', includes: ['sales'] } })
export const P0 = policy(Note, {
  'all but sales read': { allow: everyoneExcept('sales'), to: 'read' },
  'sales read what is meant for them': { allow: 'sales', to: 'read', where: { text: 'for sales' } },
  'clerks write': { allow: ['clerk', 'admin', 'lead'], to: ['create', 'update', 'remove', 'restore', 'delete'] },
  'secrets are for admins': { deny: everyoneExcept('admin'), to: 'read', where: { secret: true } },
  'few remove': { deny: everyoneExcept('clerk', 'admin'), to: ['remove', 'update', 'delete'], because: 'Ask a clerk.' },
})`,
  },
  ['admin', 'clerk', 'sales', 'lead'],
)

const as = (...roles: string[]) => ({ roles })
const list = '{ notes(orderBy: [TEXT_ASC]) { nodes { text } totalCount } }'

async function texts(subject: object | null): Promise<readonly string[]> {
  const { data, errors } = await app().ask(list, {}, subject)
  expect(errors).toEqual([])
  expect(data.notes.totalCount).toBe(data.notes.nodes.length)
  return data.notes.nodes.map(({ text }: { text: string }) => text)
}

async function note(values: object): Promise<string> {
  const query = 'mutation ($note: NoteInput!) { createNote(input: { note: $note }) { id } }'
  const { data, errors } = await app().ask(query, { note: values }, as('clerk'))
  expect(errors).toEqual([])
  return data.createNote.id
}

test('an allowance holds for all but the roles, and who includes one of them', async () => {
  for (const text of ['a note', 'for sales']) await note({ text })
  await note({ text: 'secret', secret: true })
  await app().database.ensureRoleSets([
    ['admin', 'sales'],
    ['clerk', 'lead'],
    ['admin', 'clerk'],
  ])
  expect(await texts(as())).toEqual(['a note', 'for sales'])
  expect(await texts(as('clerk'))).toEqual(['a note', 'for sales'])
  // Neither the role, nor who includes it, nor who has it among others.
  for (const roles of [['sales'], ['lead'], ['clerk', 'lead']]) expect(await texts(as(...roles))).toEqual(['for sales'])
  // Not in the denial: admin alone, and admin among several. Gaining a role outside the list loses nothing.
  expect(await texts(as('admin'))).toEqual(['a note', 'for sales', 'secret'])
  expect(await texts(as('admin', 'clerk'))).toEqual(['a note', 'for sales', 'secret'])
  expect(await texts(as('admin', 'sales'))).toEqual(['for sales'])
})

test('it never leads to another tenant, and visitors, who are in it, have none', async () => {
  expect(await texts({ tenant: globex, sub: gil, roles: ['admin'] })).toEqual([])
  expect(await texts(null)).toEqual([])
})

test('verbs, updates and deletes are denied alike, with the reason', async () => {
  const id = await note({ text: 'for sales' })
  const verbs = {
    removeNote: 'mutation ($id: UUID!) { removeNote(input: { id: $id }) { id } }',
    updateNote: 'mutation ($id: UUID!) { updateNote(input: { id: $id, patch: { text: "x" } }) { id } }',
    deleteNote: 'mutation ($id: UUID!) { deleteNote(input: { id: $id }) { id } }',
  }
  for (const query of Object.values(verbs)) {
    const { errors } = await app().ask(query, { id }, as('lead'))
    expect(errors).toMatchObject([{ message: 'Ask a clerk.', extensions: { code: 'FORBIDDEN' } }])
  }
  await app().database.ensureRoleSets([['clerk', 'lead']])
  expect((await app().ask(verbs.removeNote, { id }, as('clerk', 'lead'))).errors).toEqual([])
})

test('a visitor is in the marker, by way of the role of visitors', async () => {
  const { database } = app()
  await database.asOwner((client) =>
    client.query(`insert into app.note (tenant_id, text, secret) values ('${acme}', 'v', true)`),
  )
  const read = (roles: readonly string[] | null) =>
    database.asActor({ roles, tenant: acme, id: ann } as never, async (client) => {
      await client.query(`select set_config('rowhouse.tenant_id', '${acme}', true)`)
      return (await client.query("select text from app.note where text = 'v'")).rowCount
    })
  expect(await read(null)).toBe(0)
  await database.asOwner((client) => client.query("update app.note set secret = false where text = 'v'"))
  expect(await read(null)).toBe(1)
  const { names } = database
  const { rows } = await database.migrator.query('select pg_has_role($1, $2, $3) as is_in', [
    names.anonymous,
    `${names.prefix}_not_sales`,
    'usage',
  ])
  expect(rows).toEqual([{ is_in: true }])
})

test('a set of roles that held the marker of another set would see more', async () => {
  const { database } = app()
  const set = (roles: readonly string[]) => `"${roleSetName(database.names.prefix, roles)}"`
  await database.ensureRoleSets([['clerk'], ['clerk', 'lead']])
  const markersOf = `select m.rolname as name from pg_auth_members a join pg_roles m on m.oid = a.roleid join pg_roles s on s.oid = a.member
    where format('"%s"', s.rolname) = $1`
  const held = async (roles: readonly string[]) =>
    (await database.migrator.query<{ name: string }>(markersOf, [set(roles)])).rows.map(({ name }) => name)
  const [narrow, wide] = [await held(['clerk', 'lead']), await held(['clerk'])]
  const missing = wide.filter((name) => !narrow.includes(name))
  expect(missing.length).toBeGreaterThan(0)
  expect(await texts(as('clerk', 'lead'))).not.toContain('a note')
  for (const name of missing) await database.migrator.query(`grant "${name}" to ${set(['clerk', 'lead'])}`)
  // The connection that served the set keeps its plan until the table is touched.
  await database.asOwner((client) => client.query('select 1'))
  try {
    expect(await texts(as('clerk', 'lead'))).toContain('a note')
  } finally {
    for (const name of missing) await database.migrator.query(`revoke "${name}" from ${set(['clerk', 'lead'])}`)
  }
})
