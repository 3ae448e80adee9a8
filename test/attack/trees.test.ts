import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, gil, globex, useWrittenServer } from '../options/written-server.ts'

const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Folder = entity('Folder', {
  tree: 'parent', fields: { name: string(), secret: boolean({ default: false }) },
  relations: {
    parent: one('Folder', { optional: true }), papers: many('Paper', { by: 'folder' }),
    ancestors: many('Folder', { up: 'parent' }), descendants: many('Folder', { down: 'parent' }),
  },
})
export const Paper = entity('Paper', { fields: { name: string() }, relations: { folder: one('Folder', { onRemove: 'keep' }) } })
export const Member = entity('Member', { fields: {}, relations: { folder: one('Folder'), user: one('User') } })`,
    'policies/all.ts': `import { Folder, Member, Paper, User } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', staff: 'Works in its folders.', open: 'Reads what is open.' })
const { reach } = words(User)
export const actor = defineActor(User, {
  folders: reach('Folder', { via: 'Member', as: 'user' }),
  below: reach('Folder', { via: 'Member', as: 'user', then: 'descendants' }),
})
const all = { allow: 'admin', to: anything } as const
export const UserPolicy = policy(User, { all })
export const MemberPolicy = policy(Member, { all })
export const FolderPolicy = policy(Folder, { all,
  'folders below mine': { allow: 'staff', to: ['read', 'create', 'update'], where: { id: { within: actor.folders } } },
  'nothing secret above': { allow: 'open', to: 'read', where: { ancestors: { none: { secret: true } } } },
})
export const PaperPolicy = policy(Paper, { all,
  'papers below my folders': { allow: 'staff', to: ['read', 'create', 'update'], where: { folder: { within: actor.folders } } },
  'papers of open folders': { allow: 'open', to: 'read', where: { folder: { ancestors: { none: { secret: true } } } } },
})`,
  },
  ['admin', 'staff', 'open'],
)

const staff = { roles: ['staff'] }
const open = { roles: ['open'] }
const far = { sub: gil, tenant: globex, roles: ['admin'] }
const ids = new Map<string, string>()

async function make(entity: string, row: object, subject: object = {}): Promise<string> {
  const field = entity.toLowerCase()
  const { data, errors } = await app().ask(
    `mutation ($row: ${entity}Input!) { create${entity}(input: { ${field}: $row }) { id } }`,
    { row },
    subject,
  )
  expect(errors).toEqual([])
  return data[`create${entity}`].id
}

/** What a caller sees, by name. */
async function seen(list: 'folders' | 'papers', subject: object = staff): Promise<readonly string[]> {
  const { data, errors } = await app().ask(
    `{ ${list}(orderBy: [NAME_ASC]) { totalCount nodes { name } } }`,
    {},
    subject,
  )
  expect(errors).toEqual([])
  expect(data[list].totalCount).toBe(data[list].nodes.length)
  return data[list].nodes.map(({ name }: { name: string }) => name)
}

const move = (folder: string, parentId: string | null, subject: object = {}) =>
  app().ask(
    'mutation ($id: UUID!, $parentId: UUID) { updateFolder(input: { id: $id, patch: { parentId: $parentId } }) { id } }',
    { id: ids.get(folder), parentId },
    subject,
  )

// mine > a > deep, mine > b; other > c. Each with a paper that is called like its folder.
beforeAll(async () => {
  await app().database.asOwner((client) =>
    client.query(`insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil')`),
  )
  for (const [name, parent] of [['mine'], ['a', 'mine'], ['deep', 'a'], ['b', 'mine'], ['other'], ['c', 'other']]) {
    const parentId = parent === undefined ? null : ids.get(parent)
    ids.set(name!, await make('Folder', { name, parentId }))
    await make('Paper', { name, folderId: ids.get(name!) })
  }
  await make('Member', { folderId: ids.get('mine'), userId: ann })
  ids.set('far', await make('Folder', { name: 'far' }, far))
  ids.set('far below', await make('Folder', { name: 'far below', parentId: ids.get('far') }, far))
  await make('Paper', { name: 'far', folderId: ids.get('far below') }, far)
})

describe('rules along trees', () => {
  test('show what lies below, and nothing beside', async () => {
    expect(await seen('folders')).toEqual(['a', 'b', 'deep', 'mine'])
    expect(await seen('papers')).toEqual(['a', 'b', 'deep', 'mine'])
  })

  test('forget a folder that is moved away, with all in it, at once; and know one that is moved in', async () => {
    expect((await move('a', ids.get('other')!)).errors).toEqual([])
    expect(await seen('folders')).toEqual(['b', 'mine'])
    expect(await seen('papers')).toEqual(['b', 'mine'])
    const { data } = await app().ask('query ($id: UUID!) { folder(id: $id) { name } }', { id: ids.get('deep') }, staff)
    expect(data.folder).toBeNull()
    expect((await move('a', ids.get('mine')!)).errors).toEqual([])
    expect(await seen('papers')).toEqual(['a', 'b', 'deep', 'mine'])
  })

  test('end where a folder was removed, and go on where it is restored', async () => {
    const id = ids.get('a')
    const removed = await app().ask('mutation ($id: UUID!) { removeFolder(input: { id: $id }) { id } }', { id })
    expect(removed.errors).toEqual([])
    expect(await seen('folders')).toEqual(['b', 'mine'])
    // The paper that is in it stays, but it is in no folder of hers.
    expect(await seen('papers')).toEqual(['b', 'mine'])
    await app().ask('mutation ($id: UUID!) { restoreFolder(input: { id: $id }) { id } }', { id })
    expect(await seen('folders')).toEqual(['a', 'b', 'deep', 'mine'])
  })

  test('refuse a forged parent: neither a new nor a moved row gets where the caller is not', async () => {
    const create = (parentId: string | null | undefined) =>
      app().ask(
        'mutation ($row: FolderInput!) { createFolder(input: { folder: $row }) { id } }',
        { row: { name: 'z', parentId } },
        staff,
      )
    for (const parentId of [ids.get('other'), ids.get('far'), null, '00000000-0000-7000-8000-0000000000ff'])
      expect((await create(parentId)).errors.length, String(parentId)).toBe(1)
    expect((await move('b', ids.get('other')!, staff)).errors.length).toBe(1)
    expect((await move('b', null, staff)).errors.length).toBe(1)
    expect((await move('c', ids.get('mine')!, staff)).errors.length).toBe(1)
    expect((await move('mine', ids.get('deep')!, staff)).errors.length).toBe(1)
    const made = await create(ids.get('deep'))
    expect(made.errors).toEqual([])
    expect(await seen('folders')).toEqual(['a', 'b', 'deep', 'mine', 'z'])
    const paper = (folder: string) =>
      app().ask(
        'mutation ($row: PaperInput!) { createPaper(input: { paper: $row }) { id } }',
        { row: { name: 'y', folderId: ids.get(folder) } },
        staff,
      )
    expect((await paper('c')).errors.length).toBe(1)
    expect((await paper('far below')).errors.length).toBe(1)
    expect((await paper('b')).errors).toEqual([])
  })

  test('stay within the tenant, whatever a link says', async () => {
    // Written around every rule: Ann is linked to a folder of another tenant, in hers and in its own.
    await app().database.asOwner(async (client) => {
      await client.query(`set local rowhouse.tenant_id = '${globex}'`)
      await client.query(
        `insert into app.member (tenant_id, folder_id, user_id) values ('${globex}', '${ids.get('far')}', '${ann}')`,
      )
    })
    expect(await seen('papers')).not.toContain('far')
    expect(await seen('papers', { roles: ['staff'], tenant: globex })).toEqual(['far'])
    expect(await seen('papers', { roles: ['staff'], tenant: globex, sub: gil })).toEqual([])
    expect(await seen('folders', { roles: ['staff'], tenant: acme, sub: gil })).toEqual([])
  })

  test('see the secret far above that the caller may not see', async () => {
    const set = (secret: boolean) =>
      app().ask(
        'mutation ($id: UUID!, $s: Boolean!) { updateFolder(input: { id: $id, patch: { secret: $s } }) { id } }',
        {
          id: ids.get('other'),
          s: secret,
        },
      )
    expect(await seen('papers', open)).toContain('c')
    expect((await set(true)).errors).toEqual([])
    expect(await seen('folders', open)).not.toContain('c')
    expect(await seen('papers', open)).not.toContain('c')
    expect((await set(false)).errors).toEqual([])
  })

  test('let nobody call what is behind them', async () => {
    const { rows } = await app().database.asOwner((client) =>
      client.query<{ open: number }>(
        `select count(*)::int as open from pg_proc p where p.pronamespace = 'rowhouse_private'::regnamespace
          and p.proname ~ '^(below|above)_' and exists (select from aclexplode(p.proacl) where grantee = 0)`,
      ),
    )
    expect(rows).toEqual([{ open: 0 }])
  })
})
