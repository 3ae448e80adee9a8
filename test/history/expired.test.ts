import { expect, test } from 'vitest'
import { ann, useWrittenServer } from '../options/written-server.ts'

const app = useWrittenServer({
  'schema/all.entity.ts': `import { datetime, entity, many, one, partOf, string } from 'rowhouse/schema'
export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Pass = entity('Pass', { history: true, expires: 'until', fields: { code: string({ unique: true }), until: datetime({ optional: true }) }, relations: { stamps: many('Stamp', { by: 'pass' }) } })
export const Stamp = entity('Stamp', { history: true, fields: { code: string({ unique: true }) }, relations: { pass: partOf('Pass') } })`,
  'policies/all.ts': `import { Pass, Stamp, User } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
export const actor = defineActor(User, {})
export const P0 = policy(User, { all: { allow: 'admin', to: anything } })
export const P1 = policy(Pass, { all: { allow: 'admin', to: anything } })
export const P2 = policy(Stamp, { all: { allow: 'admin', to: anything } })`,
})

async function make(entity: 'Pass' | 'Stamp', values: object): Promise<string> {
  const name = entity.toLowerCase()
  const { data, errors } = await app().ask(
    `mutation ($row: ${entity}Input!) { create${entity}(input: { ${name}: $row }) { id } }`,
    { row: values },
  )
  expect(errors).toEqual([])
  return data[`create${entity}`].id
}

/** What the history of a row says, whoever may read it. */
const changesOf = (table: string, id: string) =>
  app().database.asOwner(async (client) => {
    await client.query(`alter table app.${table}_history no force row level security`)
    const { rows } = await client.query(
      `select change, changed_by_id from app.${table}_history where ${table}_id = $1 order by revision`,
      [id],
    )
    await client.query(`alter table app.${table}_history force row level security`)
    return rows.map((row) => [row.change, row.changed_by_id])
  })

test('the history of an expired row names nobody who took its unique value, nor that of a part', async () => {
  await app().database.asOwner(async (client) => {
    await client.query('alter table app."user" no force row level security')
    await client.query(`insert into app."user" (id, name) values ('${ann}', 'Ann')`)
    await client.query('alter table app."user" force row level security')
  })
  const gone = await make('Pass', { code: 'a' })
  const part = await make('Stamp', { code: 's', passId: gone })
  await app().database.asOwner(async (client) => {
    await client.query('alter table app.pass no force row level security, disable trigger user')
    await client.query(`update app.pass set until = now() - interval '1 second' where id = '${gone}'`)
    await client.query('alter table app.pass force row level security, enable trigger user')
  })
  const taker = await make('Pass', { code: 'a' })
  await make('Stamp', { code: 's', passId: taker })
  expect((await changesOf('pass', gone)).at(-1)).toEqual(['remove', null])
  expect((await changesOf('pass', gone))[0]).toEqual(['create', ann])
  expect(await changesOf('stamp', part)).toEqual([
    ['create', ann],
    ['remove', null],
  ])
  // Who removes what is there is named as ever.
  const { errors } = await app().ask('mutation ($id: UUID!) { removePass(input: { id: $id }) { id } }', { id: taker })
  expect(errors).toEqual([])
  expect((await changesOf('pass', taker)).at(-1)).toEqual(['remove', ann])
})
