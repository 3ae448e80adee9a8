import { beforeAll, expect, test } from 'vitest'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'
import { acme, globex, useWrittenServer } from './written-server.ts'

const app = useWrittenServer(
  entitiesOnly(`export const Team = entity('Team', { fields: { name: string() }, relations: { tasks: many('Task', { by: 'team' }) } })
export const Task = entity('Task', {
  fields: { due: date({ optional: true }), weight: int({ default: 0 }), title: string() },
  relations: { team: one('Team', { optional: true }) },
  sort: ['-due', 'weight'],
})
export const Note = entity('Note', { fields: { title: string() }, relations: { team: one('Team') }, sort: ['team', '-createdAt'] })`),
)

const team = '00000000-0000-7000-8000-000000000101'

beforeAll(async () => {
  await app().database.asOwner(async (client) => {
    await client.query(`insert into app.team (tenant_id, id, name) values ('${acme}', '${team}', 'T')`)
    // Many ties, some without a day, and ids that follow no order.
    await client.query(
      `insert into app.task (tenant_id, team_id, due, weight, title)
       select '${acme}', '${team}', case when n % 4 = 0 then null else '2026-01-01'::date + n % 3 end, n % 2, 't' || n from generate_series(1, 40) n`,
    )
    await client.query(`insert into app.task (tenant_id, title) values ('${globex}', 'theirs')`)
  })
})

async function expected(): Promise<readonly string[]> {
  return app().database.asOwner(async (client) => {
    const { rows } = await client.query(
      `select title from app.task where tenant_id = '${acme}' order by due is null desc, due desc, weight, id desc`,
    )
    return rows.map(({ title }) => title)
  })
}

test('lists without orderBy have the order of the entity, to-many relations too, and ties are broken by the key', async () => {
  const wanted = await expected()
  const { data, errors } = await app().ask(
    `{ tasks { nodes { title } } byKey: tasks(orderBy: []) { nodes { id } } light: tasks(orderBy: WEIGHT_ASC) { nodes { weight } }
       team(id: "${team}") { tasks { nodes { title } } } }`,
  )
  expect(errors).toEqual([])
  const titles = (list: { nodes: { title: string }[] }) => list.nodes.map(({ title }) => title)
  expect(titles(data.tasks)).toEqual(wanted)
  expect(titles(data.team.tasks)).toEqual(wanted)
  const ids = data.byKey.nodes.map(({ id }: { id: string }) => id)
  expect(ids).toEqual([...ids].toSorted((a, b) => (a < b ? -1 : 1)))
  const weights = data.light.nodes.map(({ weight }: { weight: number }) => weight)
  expect(weights).toEqual([...weights].toSorted((a, b) => a - b))
})

test('cursors walk through every row once, forwards and backwards', async () => {
  const wanted = await expected()
  const forwards: string[] = []
  let after: string | null = null
  do {
    const { data, errors } = await app().ask(
      'query ($after: Cursor) { tasks(first: 7, after: $after) { nodes { title } pageInfo { hasNextPage endCursor } } }',
      { after },
    )
    expect(errors).toEqual([])
    forwards.push(...data.tasks.nodes.map(({ title }: { title: string }) => title))
    after = data.tasks.pageInfo.hasNextPage ? data.tasks.pageInfo.endCursor : null
  } while (after !== null)
  expect(forwards).toEqual(wanted)
  const { data } = await app().ask('{ tasks(last: 5) { nodes { title } } }')
  expect(data.tasks.nodes.map(({ title }: { title: string }) => title)).toEqual(wanted.slice(-5))
})

test('an order by relations and built-in fields works as well', async () => {
  const { errors } = await app().ask('{ notes { nodes { title } } }')
  expect(errors).toEqual([])
})

const of = (sort: string): string => `export const A = entity('A', { fields: { n: int(), m: int() }, sort: ${sort} })`

const mistakes: readonly Mistake[] = [
  ['the same twice', [['SORT_INVALID', "'-n'"]], of("['n', 'm', '-n']")],
  ['something unknown', [['NAME_UNKNOWN', "'-k'"]], of("['-k']")],
  ['the mark of removal', [['SORT_INVALID', "'deletedAt'"]], of("['deletedAt']")],
  ['nothing', [['OPTION_INVALID', '[]']], of('[]')],
]

testMistakes('sort', entitiesOnly, mistakes)
