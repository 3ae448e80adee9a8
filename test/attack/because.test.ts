import { describe, expect, test } from 'vitest'
import { acme, gil, globex, useWrittenServer } from '../options/written-server.ts'

// Clerks see what is no secret; nothing old is changed, whoever asks. `temp` may read and nothing else.
const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const Tag = entity('Tag', { fields: { name: string() }, relations: { files: many('File', { by: 'tags' }) } })
export const File = entity('File', {
  fields: { name: string(), old: boolean({ default: false }), secret: boolean({ default: false }) },
  relations: { tags: many('Tag', { link: true }), pages: many('Page', { by: 'file' }) },
})
export const Page = entity('Page', { fields: { old: boolean({ default: false }) }, relations: { file: partOf('File', { ordered: true }) } })`,
    'policies/all.ts': `import { File, Page, Tag } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', clerk: 'Works on what is no secret.', temp: 'Looks on.' })
const all = { allow: 'admin', to: anything } as const
const verbs = ['update', 'remove', 'restore', 'delete'] as const
export const P0 = policy(Tag, { all, seen: { allow: 'clerk', to: 'read' } })
export const P1 = policy(File, {
  all,
  'clerks see files': { allow: ['clerk', 'temp'], to: 'read', where: { secret: false } },
  'clerks work': { allow: 'clerk', to: ['create', ...verbs] },
  'old files are kept': { deny: signedIn, to: [...verbs], where: { old: true }, because: 'It\\'s old: "keep" :it.' },
  'no file is born old': { deny: everyone, to: 'create', where: { name: 'antique' }, because: 'Nothing new is antique.' },
})
export const P2 = policy(Page, { all, 'old pages stay': { deny: signedIn, to: 'update', where: { old: true }, because: 'Pages stay.' } })`,
  },
  ['admin', 'clerk', 'temp'],
)

const why = 'It\'s old: "keep" :it.'
const denial = { title: 'old files are kept', because: why }
const told = [
  expect.objectContaining({
    message: why,
    extensions: { code: 'FORBIDDEN', rule: denial },
  }),
]

async function file(values: object): Promise<string> {
  const query = 'mutation ($file: FileInput!) { createFile(input: { file: $file }) { id } }'
  const { data, errors } = await app().ask(query, { file: { name: 'f', ...values } })
  expect(errors).toEqual([])
  return data.createFile.id
}

const changes = {
  update: 'mutation ($id: UUID!) { updateFile(input: { id: $id, patch: { name: "x" } }) { id } }',
  delete: 'mutation ($id: UUID!) { deleteFile(input: { id: $id }) { id } }',
  remove: 'mutation ($id: UUID!) { removeFile(input: { id: $id }) { id } }',
}
/** As Postgres writes it. */
const jsonOf = ({ title, because }: typeof denial) =>
  `{"title" : ${JSON.stringify(title)}, "because" : ${JSON.stringify(because)}}`
const verbs = Object.entries(changes)
const as = (role: string) => ({ roles: [role] })
const codes = (answer: { errors: readonly { message: string; extensions: { code: string } }[] }) =>
  answer.errors.map(({ message, extensions }) => `${extensions.code} ${message}`)

describe.each(verbs)('the reason of a refused %s', (_verb, query) => {
  test('is told to whom may read the row', async () => {
    const id = await file({ old: true })
    for (const role of ['admin', 'clerk']) expect((await app().ask(query, { id }, as(role))).errors).toEqual(told)
  })

  test('is told to nobody else: hidden, foreign and absent rows answer alike', async () => {
    const hidden = await file({ old: true, secret: true })
    const seen = await file({ old: true })
    const absent = '01980000-0000-7000-8000-00000000dead'
    const answers = [
      await app().ask(query, { id: hidden }, as('clerk')),
      await app().ask(query, { id: absent }, as('clerk')),
      await app().ask(query, { id: seen }, { tenant: globex, sub: gil, roles: ['admin'] }),
    ]
    for (const { errors } of answers) expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect(JSON.stringify(answers.map(({ text }) => text))).not.toContain('old')
  })

  test('is no word about rows that no rule denies', async () => {
    const [id, hidden] = [await file({}), await file({ old: true, secret: true })]
    expect(codes(await app().ask(query, { id }, as('temp')))).toEqual(['FORBIDDEN No rule allows this.'])
    expect((await app().ask(query, { id: hidden }, as('temp'))).text).not.toContain('keep')
    expect((await app().ask(query, { id }, as('clerk'))).errors).toEqual([])
  })
})

test('of a row that was removed nothing is told, by SQL neither', async () => {
  const id = await file({})
  expect((await app().ask(changes.remove, { id })).errors).toEqual([])
  const { database } = app()
  const reason = () =>
    database.asActor({ roles: ['admin'], tenant: acme, actor: gil }, async (client) => {
      const text = 'select rowhouse_private.because_file($1, $2) as because'
      return (await client.query(text, [id, 'update'])).rows[0].because
    })
  const asItWere = (values: string) =>
    database.asOwner(async (client) => {
      await client.query('alter table app.file no force row level security, disable trigger user')
      await client.query(`update app.file set ${values} where id = $1`, [id])
      await client.query('alter table app.file force row level security, enable trigger user')
    })
  await asItWere('old = true')
  expect(await reason()).toBeNull()
  await asItWere('deleted_at = null')
  expect(await reason()).toBe(jsonOf(denial))
})

test('whoever could not change the row anyway, and may read it, is told all the same', async () => {
  const id = await file({ old: true })
  for (const query of [changes.update, changes.delete])
    expect((await app().ask(query, { id }, as('temp'))).errors).toEqual(told)
})

test('of several changes in one request the reason is told, and none is kept', async () => {
  const [fresh, old] = [await file({}), await file({ old: true })]
  const { errors } = await app().ask(
    'mutation ($a: UUID!, $b: UUID!) { a: deleteFile(input: { id: $a }) { id } b: deleteFile(input: { id: $b }) { id } }',
    { a: fresh, b: old },
    as('clerk'),
  )
  expect(errors).toContainEqual(told[0])
  const read = await app().ask('query ($id: UUID!) { file(id: $id) { name } }', { id: fresh })
  expect(read.data.file).toEqual({ name: 'f' })
})

test('a new row, a restore, a link and a move are refused with the reason', async () => {
  const create = 'mutation { createFile(input: { file: { name: "antique" } }) { id } }'
  for (const role of ['admin', 'clerk'])
    expect((await app().ask(create, {}, as(role))).errors).toMatchObject([
      { message: 'Nothing new is antique.', extensions: { code: 'FORBIDDEN' } },
    ])
  expect((await app().ask(create, {}, as('temp'))).text).not.toContain('antique.')
  const id = await file({ old: true })
  await app().database.asOwner((client) =>
    client
      .query('alter table app.file disable trigger user')
      .then(() => client.query('update app.file set deleted_at = now() where id = $1', [id]))
      .then(() => client.query('alter table app.file enable trigger user')),
  )
  const restore = 'mutation ($id: UUID!) { restoreFile(input: { id: $id }) { id } }'
  expect((await app().ask(restore, { id })).errors).toEqual(told)
  const tag = (await app().ask('mutation { createTag(input: { tag: { name: "t" } }) { id } }')).data.createTag.id
  const link =
    'mutation ($id: UUID!, $tag: UUID!) { linkFileTags(input: { fileId: $id, tagIds: [$tag] }) { clientMutationId } }'
  expect((await app().ask(link, { id: await file({ old: true }), tag })).errors).toEqual(told)
  const page = 'mutation ($id: UUID!) { createPage(input: { page: { fileId: $id, old: true } }) { id } }'
  const pageId = (await app().ask(page, { id: await file({}) })).data.createPage.id
  const move = 'mutation ($id: UUID!) { movePage(input: { id: $id, to: 1 }) { id } }'
  expect((await app().ask(move, { id: pageId })).errors).toMatchObject([{ message: 'Pages stay.' }])
})

test('the function behind it answers nobody about rows that they may not read', async () => {
  const hidden = await file({ old: true, secret: true })
  const ask = (roles: readonly string[] | null, tenant: string) =>
    app().database.asActor({ roles, tenant }, (client) =>
      client.query(`select rowhouse_private.because_file($1, 'delete') as because`, [hidden]),
    )
  expect((await ask(['admin'], acme)).rows).toEqual([{ because: jsonOf(denial) }])
  for (const [roles, tenant] of [
    [['clerk'], acme],
    [['admin'], globex],
  ] as const)
    expect((await ask(roles, tenant)).rows).toEqual([{ because: null }])
  // For whom there is no rule of reading, there is no function either.
  await expect(ask(null, acme)).rejects.toMatchObject({ code: '42501' })
})
