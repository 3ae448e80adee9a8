import { execute } from 'grafast'
import { parse } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { roleSetName } from '#migrations'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import type { RequestClient, RequestSettings } from '../../../server/postgres/with-pg-client.ts'
import { acme, ann, gil, globex, useWrittenServer } from '../../options/written-server.ts'

// A reader sees what is not hidden, wherever it lies; a stranger sees no folder. Nobody but admins sees who heads a unit, nor what lies above one.
const app = useWrittenServer(
  {
    'schema/all.entity.ts': `export const Folder = entity('Folder', {
  tree: 'parent', fields: { name: string(), hidden: boolean({ default: false }) },
  relations: {
    parent: one('Folder', { optional: true, onRemove: 'keep' }), papers: many('Paper', { by: 'folder' }),
    ancestors: many('Folder', { up: 'parent', note: 'The way to the root.' }), inside: many('Folder', { down: 'parent', deprecated: 'use papers' }),
  },
})
export const Paper = entity('Paper', { fields: { name: string() }, relations: { folder: one('Folder', { onRemove: 'keep' }) } })
export const Unit = entity('Unit', {
  tree: 'head', fields: { name: string() },
  relations: { head: one('Unit', { optional: true }), above: many('Unit', { up: 'head' }) },
})
export const Plain = entity('Plain', { tree: 'parent', fields: { name: string() }, relations: { parent: one('Plain', { optional: true }) } })`,
    'policies/all.ts': `import { Folder, Paper, Plain, Unit } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', reader: 'Sees what is not hidden.', stranger: 'Sees papers.' })
const all = { allow: 'admin', to: anything } as const
export const FolderPolicy = policy(Folder, { all, open: { allow: 'reader', to: 'read', where: { hidden: false } } })
export const PaperPolicy = policy(Paper, { all, seen: { allow: ['reader', 'stranger'], to: 'read' } })
export const UnitPolicy = policy(Unit, { all, seen: { allow: 'reader', to: 'read' }, heads: { reserve: ['head'], to: 'read', for: 'admin' } })
export const PlainPolicy = policy(Plain, { all })`,
  },
  ['admin', 'reader', 'stranger'],
)

const reader = { roles: ['reader'] }
const ids = new Map<string, string>()

async function make(entity: string, row: object, subject: object = {}): Promise<string> {
  const { data, errors } = await app().ask(
    `mutation ($row: ${entity}Input!) { create${entity}(input: { ${entity.toLowerCase()}: $row }) { id } }`,
    { row },
    subject,
  )
  expect(errors).toEqual([])
  return data[`create${entity}`].id
}

async function folder(name: string, above: string | null, rest: object = {}, subject: object = {}): Promise<void> {
  const parentId = above === null ? null : ids.get(above)!
  ids.set(name, await make('Folder', { name, parentId, ...rest }, subject))
}

async function ask(name: string, fields: string, subject: object = {}) {
  const { data, errors, text } = await app().ask(
    `query ($id: UUID!) { folder(id: $id) { ${fields} } }`,
    { id: ids.get(name)! },
    subject,
  )
  expect(errors).toEqual([])
  return { folder: data.folder, text }
}

const placeIn = (cursor: string): number => JSON.parse(Buffer.from(cursor, 'base64').toString())[1]
const names = (list: { readonly nodes: readonly { readonly name: string }[] }) => list.nodes.map(({ name }) => name)

beforeAll(async () => {
  await folder('root', null)
  await folder('shut', 'root', { hidden: true })
  await folder('mid', 'shut')
  await folder('leaf', 'mid')
  await folder('side', 'root')
  await folder('gone', 'side')
  await folder('lost', 'gone')
  await folder('theirs', null, {}, { sub: gil, tenant: globex })
  const { errors } = await app().ask('mutation ($id: UUID!) { removeFolder(input: { id: $id }) { id } }', {
    id: ids.get('gone')!,
  })
  expect(errors).toEqual([])
})

describe('connections along a tree', () => {
  test('give the row itself and all above it, nearest first, or all below', async () => {
    const { folder: leaf } = await ask('leaf', 'ancestors { totalCount nodes { name } }')
    expect(leaf.ancestors).toEqual({ totalCount: 4, nodes: ['leaf', 'mid', 'shut', 'root'].map((name) => ({ name })) })
    const { folder: root } = await ask('root', 'inside { nodes { name } }')
    expect(names(root.inside).slice(0, 1)).toEqual(['root'])
    expect(names(root.inside).slice(1, 3).toSorted()).toEqual(['shut', 'side'])
    expect(names(root.inside).slice(3)).toEqual(['mid', 'leaf'])
  })

  test('what is hidden shows nowhere, what lies beyond it does', async () => {
    const { folder: leaf, text } = await ask(
      'leaf',
      'ancestors { totalCount nodes { id name } edges { cursor } }',
      reader,
    )
    expect(names(leaf.ancestors)).toEqual(['leaf', 'mid', 'root'])
    expect(leaf.ancestors.totalCount).toBe(3)
    expect(text).not.toContain(ids.get('shut')!)
    // Cursors are readable: what they order by tells of no row in between.
    const places = leaf.ancestors.edges.map(({ cursor }: { cursor: string }) => placeIn(cursor))
    expect(places).toEqual([1, 2, 3])
    const { folder: root } = await ask('root', 'inside { totalCount nodes { name } }', reader)
    expect(root.inside.totalCount).toBe(4)
    expect(names(root.inside).toSorted()).toEqual(['leaf', 'mid', 'root', 'side'])
    expect((await ask('shut', 'ancestors { nodes { name } }', reader)).folder).toBeNull()
  })

  test('a removed row cuts the way, and no tenant meets another', async () => {
    expect(names((await ask('lost', 'ancestors { nodes { name } }')).folder.ancestors)).toEqual(['lost'])
    expect(names((await ask('side', 'inside { nodes { name } }')).folder.inside)).toEqual(['side'])
    const far = { sub: gil, tenant: globex }
    expect((await ask('root', 'inside { nodes { name } }', far)).folder).toBeNull()
    expect(names((await ask('theirs', 'inside { nodes { name } }', far)).folder.inside)).toEqual(['theirs'])
  })

  test('are ordered, filtered and paged like any list', async () => {
    const { folder: leaf } = await ask(
      'leaf',
      `byName: ancestors(orderBy: [NAME_DESC]) { nodes { name } }
       few: ancestors(filter: { name: { startsWith: "m" } }) { totalCount nodes { name } }
       first: ancestors(first: 2) { nodes { name } pageInfo { hasNextPage endCursor } }
       last: ancestors(last: 1) { nodes { name } }`,
    )
    expect(names(leaf.byName)).toEqual(['shut', 'root', 'mid', 'leaf'])
    expect(leaf.few).toEqual({ totalCount: 1, nodes: [{ name: 'mid' }] })
    expect(names(leaf.first)).toEqual(['leaf', 'mid'])
    expect(leaf.first.pageInfo.hasNextPage).toBe(true)
    expect(names(leaf.last)).toEqual(['root'])
    const cursor = JSON.stringify(leaf.first.pageInfo.endCursor)
    const { folder: next } = await ask('leaf', `ancestors(after: ${cursor}) { nodes { name } }`)
    expect(names(next.ancestors)).toEqual(['shut', 'root'])
  })

  test('ask one statement for all rows of a list', async () => {
    const { rows, sent } = await recorded(
      '{ folders(orderBy: [NAME_ASC]) { nodes { name ancestors { nodes { name } } } } }',
    )
    expect(rows.data.folders.nodes.map((each: { name: string }) => each.name)).toContain('leaf')
    expect(rows.data.folders.nodes.find((each: { name: string }) => each.name === 'leaf').ancestors.nodes).toHaveLength(
      4,
    )
    expect(sent.filter((text) => text.includes('rows_above_folder'))).toHaveLength(1)
    const above = sent.filter((text) => text.includes('"folder"') || text.includes('rows_above_folder'))
    expect(above.length).toBeLessThanOrEqual(2)
  })

  test('are in the schema under the names of the model, unless what leads up is hidden from somebody', async () => {
    const fieldsOf = async (type: string) => {
      const { data } = await app().ask(
        `{ __type(name: "${type}") { fields(includeDeprecated: true) { name description deprecationReason args { name defaultValue } } } }`,
      )
      return new Map(data.__type.fields.map((each: { name: string }) => [each.name, each])) as Map<string, Field>
    }
    const folders = await fieldsOf('Folder')
    expect(folders.get('ancestors')).toMatchObject({ description: 'The way to the root.', deprecationReason: null })
    expect(folders.get('ancestors')!.args.find(({ name }) => name === 'orderBy')?.defaultValue).toBeNull()
    expect(folders.get('inside')).toMatchObject({ deprecationReason: 'use papers' })
    expect([...(await fieldsOf('Unit')).keys()]).not.toContain('above')
    expect([...(await fieldsOf('Plain')).keys()]).not.toContain('ancestors')
  })

  test('rows are filtered by what is above and below them, as far as the caller sees it', async () => {
    const found = async (filter: string, subject: object = {}) => {
      const { data, errors } = await app().ask(
        `{ folders(filter: ${filter}, orderBy: [NAME_ASC]) { nodes { name } } }`,
        {},
        subject,
      )
      expect(errors).toEqual([])
      return names(data.folders).join(' ')
    }
    expect(await found('{ ancestors: { some: { name: { equalTo: "shut" } } } }')).toBe('leaf mid shut')
    // Whoever does not see the row between does not find by it, but by what lies beyond.
    expect(await found('{ ancestors: { some: { name: { equalTo: "shut" } } } }', reader)).toBe('')
    expect(await found('{ ancestors: { some: { hidden: { equalTo: true } } } }', reader)).toBe('')
    expect(await found('{ ancestors: { some: { name: { equalTo: "root" } } } }', reader)).toBe('leaf mid root side')
    expect(await found('{ ancestors: { none: { name: { equalTo: "root" } } } }')).toBe('lost')
    expect(await found('{ inside: { some: { name: { equalTo: "leaf" } } } }')).toBe('leaf mid root shut')
    expect(await found('{ inside: { every: { name: { in: ["leaf", "mid"] } } } }')).toBe('leaf mid')
    expect(await found('{ inside: { aggregates: { distinctCount: { id: { greaterThan: "4" } } } } }')).toBe('root')
    expect(await found('{ inside: { aggregates: { distinctCount: { id: { greaterThan: "4" } } } } }', reader)).toBe('')
    const theirs = `{ ancestors: { some: { id: { equalTo: "${ids.get('theirs')}" } } } }`
    expect([await found(theirs), await found(theirs, { sub: gil, tenant: globex })]).toEqual(['', 'theirs'])
    for (const filter of ['{ ancestors: null }', '{ above: { some: {} } }']) {
      const { errors } = await app().ask(`{ folders(filter: ${filter}) { totalCount } }`)
      expect(errors[0]?.extensions.code).toBe('VALIDATION')
    }
    const blind = '{ papers(filter: { folder: { ancestors: { some: { name: { equalTo: "x" } } } } }) { totalCount } }'
    const { errors } = await app().ask(blind, {}, { roles: ['stranger'] })
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('the functions behind them are run by who may read rows of the entity, and by nobody else', async () => {
    const { database, model } = app()
    const may = async (role: string) => {
      const { rows } = await database.asOwner((client) =>
        client.query<{ may: boolean }>(
          `select has_function_privilege($1, 'rowhouse_private.rows_above_folder(uuid)', 'execute') as may`,
          [roleSetName(model.app, [role])],
        ),
      )
      return rows[0]!.may
    }
    expect([await may('admin'), await may('reader'), await may('stranger')]).toEqual([true, true, false])
    const { errors } = await app().ask(
      '{ papers { nodes { folder { ancestors { nodes { name } } } } } }',
      {},
      { roles: ['stranger'] },
    )
    expect(errors).toEqual([])
  })

  test('end even where rows are below themselves', async () => {
    const { database } = app()
    await folder('one', null)
    await folder('two', 'one')
    const switched = (how: 'disable' | 'enable') =>
      database.asOwner((client) => client.query(`alter table app.folder ${how} trigger rowhouse_1_tree`))
    await switched('disable')
    const { errors } = await app().ask(
      'mutation ($id: UUID!, $to: UUID!) { updateFolder(input: { id: $id, patch: { parentId: $to } }) { folder { name } } }',
      { id: ids.get('one'), to: ids.get('two') },
    )
    expect(errors).toEqual([])
    await switched('enable')
    const { folder: two } = await ask('two', 'ancestors { nodes { name } } inside { nodes { name } }')
    expect([names(two.ancestors), names(two.inside)]).toEqual([
      ['two', 'one'],
      ['two', 'one'],
    ])
  })
})

interface Field {
  readonly args: readonly { readonly name: string; readonly defaultValue: string | null }[]
}

/** The answer to an admin, and the statements that were sent for it. */
async function recorded(query: string) {
  const { model, database } = app()
  const pool = new RequestPool({ connectionString: database.loginUrl, max: 2 })
  const sent: string[] = []
  const withPgClient = (given: RequestSettings, work: (client: RequestClient) => Promise<unknown>) =>
    pool.withPgClient(given, (client) =>
      work({
        ...client,
        query: (asked) => {
          sent.push(asked.text)
          return client.query(asked)
        },
      }),
    )
  const pgSettings = { role: roleSetName(model.app, ['admin']), 'rowhouse.tenant_id': acme, 'rowhouse.actor_id': ann }
  try {
    const { schema, resolvedPreset } = createGraphqlSchema(model)
    const contextValue = { withPgClient, pgSettings }
    const rows = await execute({ schema, resolvedPreset, document: parse(query), contextValue } as never)
    return { rows: JSON.parse(JSON.stringify(rows)), sent }
  } finally {
    await pool.close()
  }
}
