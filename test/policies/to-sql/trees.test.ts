import { beforeAll, describe, expect, test } from 'vitest'
import { toText } from '#base'
import { buildCatalog } from '#migrations'
import { type Caller, entityOf, holds, indexModel, mayForActorsSql, type Row, type World } from '#policies'
import type { Condition, Operand } from '#schema'
import { expectCatalogReadBack } from '../../support/catalog-read-back.ts'
import { useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'
import { here, id, there, treeModel } from './tree-model.ts'

const db = useDatabase()
const [ann, bob] = [id(11), id(12)]

const mine = m.compare('owner', 'is', m.actor('id'))
const large = m.compare('size', 'over', 5)
const up = (how: 'some' | 'none' | 'every', where: Condition | null = null) => m.many('ancestors', how, where)
const down = (how: 'some' | 'none' | 'every', where: Condition | null = null) => m.many('descendants', how, where)
const within = (on: string, to: Operand): Condition => ({ kind: 'compare', on, op: 'within', to })
const list: Operand = { kind: 'list', values: [id(102), id(110), id(190)] }
const own = m.compare('limit', 'under', m.ruleRow('limit'))

const onFolder: readonly Condition[] = [
  up('some', mine),
  up('none', mine),
  up('every', large),
  down('some', large),
  down('none', large),
  down('every', m.any(large, mine)),
  m.not(up('some', large)),
  within('id', m.actor('folders')),
  within('id', list),
  within('id', { kind: 'value', value: id(101) }),
  m.not(within('id', m.actor('folders'))),
  within('parent', m.actor('folders')),
  within('id', m.actor('root')),
  within('region', m.actor('home')),
  m.compare('id', 'in', m.actor('above')),
  m.compare('parent', 'in', m.actor('below')),
  up('some', m.many('papers', 'some', m.compare('pages', 'over', 3))),
  up('some', m.path('region', m.many('ancestors', 'some', m.compare('id', 'is', m.actor('home'))))),
  down('some', up('some', m.all(mine, large))),
  m.any(up('some', own), down('every', m.compare('size', 'atMost', m.ruleRow('limit')))),
  up('some'),
  down('none'),
  m.path('parent', down('some', mine)),
  up('some', m.rowFact('caller', m.compare('region', 'isNot', null))),
]
const onPaper: readonly Condition[] = [
  within('folder', m.actor('folders')),
  within('folder', list),
  m.path('folder', up('some', mine)),
  m.path('folder', m.all(down('none', large), up('some', m.compare('size', 'is', null)))),
  m.not(within('folder', m.actor('folders'))),
  m.path('folder', within('id', m.actor('folders'))),
  m.path('folder', up('some', m.compare('limit', 'atLeast', m.ruleRow('pages')))),
  m.compare('folder', 'in', m.actor('below')),
]
const onSlip: readonly Condition[] = [
  m.path('folder', up('some', mine)),
  m.path('folder', up('none', large)),
  m.path('folder', down('every', m.compare('size', 'atMost', 8))),
  m.path('other', up('none', large)),
  m.not(m.path('other', down('some', large))),
]
const model = treeModel(onFolder, onPaper, onSlip)
const index = indexModel(model)
const rules = [
  ...onFolder.map((where) => ({ entity: 'Folder', where })),
  ...onPaper.map((where) => ({ entity: 'Paper', where })),
  ...onSlip.map((where) => ({ entity: 'Slip', where })),
]

const callers: readonly (Caller & { readonly name: string })[] = [
  { name: 'ann', id: ann, roles: [], tenant: here, claims: { root: id(103) }, request: {} },
  { name: 'bob', id: bob, roles: [], tenant: here, claims: {}, request: {} },
  { name: 'nobody', id: null, roles: [], tenant: here, claims: { root: id(101) }, request: {} },
]

/** The same numbers in the same order, whenever it runs. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const removedAt = '2026-01-01T00:00:00Z'
const world = worldOf(numbers(20_260_801))

/** Two forests of folders, some of them removed, with papers and members; those of the other tenant from 190 on. */
function worldOf(any: (below: number) => number): World {
  const maybe = <T>(value: T, of = 3): T | null => (any(of) === 0 ? null : value)
  const removed = () => (any(7) === 0 ? { deletedAt: removedAt } : {})
  const regions = [21, 22, 23, 24, 25].map((number, at) => ({
    id: id(number),
    parent: at === 0 ? null : id(21 + any(at)),
    ...(number === 23 ? { deletedAt: removedAt } : {}),
  }))
  const people = [ann, bob].map((key, at) => ({ id: key, region: id(22 + at) }))
  const folder = (number: number, first: number, tenant: string) => ({
    $tenant: tenant,
    id: id(number),
    parent: number === first ? null : maybe(id(first + any(number - first)), 9),
    owner: maybe([ann, bob][any(2)]!, 2),
    region: maybe(id(21 + any(5))),
    size: maybe(any(10)),
    limit: maybe(any(10)),
    ...removed(),
  })
  const folders = [
    ...Array.from({ length: 40 }, (_, at) => folder(100 + at, 100, here)),
    ...Array.from({ length: 10 }, (_, at) => folder(190 + at, 190, there)),
  ]
  const papers = Array.from({ length: 50 }, (_, at) => ({
    $tenant: at < 40 ? here : there,
    id: id(300 + at),
    folder: maybe(at < 40 ? id(100 + any(40)) : id(190 + any(10)), 9),
    pages: any(6),
    ...removed(),
  }))
  const live = folders.filter((each) => each.$tenant === here && !('deletedAt' in each))
  const slips = Array.from({ length: 30 }, (_, at) => ({
    $tenant: here,
    id: id(500 + at),
    folder: live[any(live.length)]!.id,
    other: maybe(live[any(live.length)]!.id, 2),
    pages: any(6),
    ...removed(),
  }))
  const members = Array.from({ length: 8 }, (_, at) => ({
    $tenant: at < 6 ? here : there,
    id: id(400 + at),
    folder: at < 6 ? id(101 + any(20)) : id(190 + any(10)),
    user: [ann, bob][at % 2]!,
    isChief: any(2) === 0,
    ...(at === 5 ? { deletedAt: removedAt } : {}),
  }))
  const rows = { Region: regions, User: people, Folder: folders, Paper: papers, Slip: slips, Member: members }
  return { index, rows, now: new Date().toISOString() }
}

const columns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Region: { id: 'id', parent: 'parent_id', deletedAt: 'deleted_at' },
  User: { id: 'id', region: 'region_id' },
  Folder: {
    $tenant: 'tenant_id',
    id: 'id',
    parent: 'parent_id',
    owner: 'owner_id',
    region: 'region_id',
    size: 'size',
    limit: '"limit"',
    deletedAt: 'deleted_at',
  },
  Paper: { $tenant: 'tenant_id', id: 'id', folder: 'folder_id', pages: 'pages', deletedAt: 'deleted_at' },
  Slip: {
    $tenant: 'tenant_id',
    id: 'id',
    folder: 'folder_id',
    other: 'other_id',
    pages: 'pages',
    deletedAt: 'deleted_at',
  },
  Member: {
    $tenant: 'tenant_id',
    id: 'id',
    folder: 'folder_id',
    user: 'user_id',
    isChief: 'is_chief',
    deletedAt: 'deleted_at',
  },
}

function insertOf(entity: string, row: Row): { readonly text: string; readonly values: readonly unknown[] } {
  const given = Object.entries(columns[entity]!).filter(([name]) => row[name] !== undefined)
  const names = given.map(([, column]) => column).join(', ')
  const marks = given.map((_, at) => `$${at + 1}`).join(', ')
  const table = entity === 'User' ? '"user"' : entity.toLowerCase()
  return { text: `insert into app.${table} (${names}) values (${marks})`, values: given.map(([name]) => row[name]) }
}

function actorOf(caller: Caller, roles: readonly string[]) {
  return {
    tenant: here,
    roles,
    claims: Object.fromEntries(Object.entries(caller.claims).map(([name, value]) => [name, value as string])),
    ...(caller.id === null ? {} : { actor: caller.id }),
  }
}

describe('rules on trees', () => {
  beforeAll(async () => {
    await expectCatalogReadBack(db(), buildCatalog(model))
    await db().asOwner(async (client) => {
      await client.query(
        `insert into rowhouse.tenant (id, slug, name) values ('${here}', 'here', 'Here'), ('${there}', 'there', 'There')`,
      )
      for (const [entity, rows] of Object.entries(world.rows))
        for (const row of rows) {
          await client.query(`set local rowhouse.tenant_id = '${(row.$tenant ?? here) as string}'`)
          const { text, values } = insertOf(entity, row)
          await client.query(text, [...values])
        }
    })
    await db().ensureRoleSets(rules.flatMap((_, at) => [[`r${at}`], ['clerk', `r${at}`]]))
  }, 120_000)

  const titled = rules.map(({ entity, where }, at) => [`${entity}: ${JSON.stringify(where)}`, at] as const)

  test.each(titled)('%s', async (_, at) => {
    const { entity, where } = rules[at]!
    const table = entity.toLowerCase()
    for (const caller of callers) {
      const expected = meant(at, caller)
      const { rows } = await db().asActor(actorOf(caller, [`r${at}`]), (client) =>
        client.query<{ id: string }>(`select id from app.${table} order by id`),
      )
      expect(
        rows.map((row) => row.id),
        caller.name,
      ).toEqual(expected)
    }
    expect(await allowedTogether(at)).toEqual(Object.fromEntries(callers.map((each) => [each.name, meant(at, each)])))
    expect(where).toBeDefined()
  })

  test('the rules tell rows apart', () => {
    const some = rules.filter((_, at) => {
      const found = meant(at, callers[0]!).length
      return found > 0 && found < 30
    })
    expect(some.length).toBeGreaterThan(22)
  })

  test('what negates looks keys up by hash, and a path into a tree asks the tree alone', () => {
    const { tables, functions } = buildCatalog(model)
    const policies = tables.flatMap((table) => table.policies.map(({ comment, using }) => [comment, using] as const))
    const usingOf = (at: number) => policies.find(([comment, using]) => comment === `rule ${at}` && using !== null)![1]
    const [noneAbove, slips] = [1, onFolder.length + onPaper.length]
    expect(usingOf(noneAbove)).toMatch(/\("id" in \(select "rowhouse_private"."below_folder_\w+"\(\)\)\) is not true/)
    expect(usingOf(slips)).toMatch(/"folder_id" = any \(array\(select "rowhouse_private"."below_folder_\w+"\(\)\)\)/)
    expect(usingOf(slips + 2)).toMatch(
      /\("folder_id" in \(select "rowhouse_private"."above_folder_\w+"\(\)\)\) is not true$/,
    )
    expect(usingOf(slips + 3)).toMatch(/"other_id" is not null and \("other_id" in \(select .*\)\) is not true$/)
    const below = functions.find(({ name }) => name.startsWith('below_folder_'))!
    expect(below.body).toContain('cross join lateral')
  })

  test.each(titled)(
    'new and moved rows: %s',
    async (_, at) => {
      const { entity, where } = rules[at]!
      const link = entity === 'Folder' ? 'parent' : 'folder'
      const live = world.rows.Folder!.filter((row) => row.$tenant === here && row.deletedAt === undefined)
      const any = numbers(at)
      for (const caller of callers.slice(0, 2)) {
        const roles = ['clerk', `r${at}`]
        for (let turn = 0; turn < 3; turn += 1) {
          const target = live[any(live.length)]!.id!
          const values =
            entity === 'Folder' ? { owner: turn % 2 === 0 ? ann : null, size: turn, limit: 4 } : { pages: turn }
          const row: Row = { id: id(9000 + turn), [link]: target, ...values, $tenant: here }
          const isMeant = lacksNothing(at, caller) && holds(where, { world, caller, entity, row })
          const { id: _, $tenant: __, ...written } = row
          const { text, values: given } = insertOf(entity, written)
          const made = await attempt(actorOf(caller, roles), text, given)
          expect({ made, row, caller: caller.name }).toEqual({ made: isMeant, row, caller: caller.name })
        }
        for (const each of world.rows[entity]!.filter(
          (row) => row.$tenant === here && row.deletedAt === undefined,
        ).slice(0, 6)) {
          const target = live[any(live.length)]!
          if (entity === 'Folder' && isBelow(target, each)) continue
          const after = { ...each, [link]: target.id! }
          const meets = (row: Row) => lacksNothing(at, caller) && holds(where, { world, caller, entity, row })
          const isMeant = meets(each) && meets(after)
          const text = `update app.${entity.toLowerCase()} set ${link}_id = $1 where id = $2`
          const moved = await attempt(actorOf(caller, roles), text, [target.id, each.id])
          expect({ moved, each, after, caller: caller.name }).toEqual({
            moved: isMeant,
            each,
            after,
            caller: caller.name,
          })
        }
      }
    },
    60_000,
  )
})

/** Whether a folder is the other one or below it, over removed ones too. */
function isBelow(row: Row, of: Row): boolean {
  for (let each: Row | undefined = row; each !== undefined; ) {
    if (each.id === of.id) return true
    const up: unknown = each.parent
    each = world.rows.Folder!.find((other) => other.id === up)
  }
  return false
}

/** Tries it and takes it back; true where it is allowed and changes a row. */
async function attempt(actor: ReturnType<typeof actorOf>, text: string, values: readonly unknown[]): Promise<boolean> {
  const undone = new Error('undone')
  let done = false
  try {
    await db().asActor(actor, async (client) => {
      const { rowCount } = await client.query(text, [...values])
      done = rowCount === 1
      throw undone
    })
  } catch (error) {
    if (error === undone) return done
    const { code, message } = error as { code?: string; message: string }
    expect({ code, message }).toMatchObject({
      code: expect.stringMatching(/^(42501|RH422|RH403)$/),
      message: expect.not.stringContaining('permission denied'),
    })
    return false
  }
  return done
}

/** Whether the caller has the values that the rule names: without, no allow matches. */
function lacksNothing(at: number, caller: Caller): boolean {
  const text = JSON.stringify(rules[at]!.where)
  if (text.includes('"root"') && caller.claims.root === undefined) return false
  const names = ['"home"', '"folders"', '"above"', '"below"', '"name":"id"', '"about":"caller"']
  return caller.id !== null || !names.some((name) => text.includes(name))
}

function meant(at: number, caller: Caller): readonly string[] {
  const { entity, where } = rules[at]!
  if (!lacksNothing(at, caller)) return []
  return world.rows[entity]!.filter(
    (row) => row.$tenant === here && row.deletedAt === undefined && holds(where, { world, caller, entity, row }),
  ).map((row) => row.id as string)
}

async function allowedTogether(at: number) {
  const actors = callers.map(({ name, id: who, claims }) => ({
    actor: name,
    id: who,
    tenant_id: here,
    roles: [`r${at}`],
    claims,
    request: {},
  }))
  const { rows } = await db().asOwner((client) =>
    client.query<{ actor: string; row: [string] }>(
      `${toText(mayForActorsSql(entityOf(index, rules[at]!.entity), 'read', index))} order by 1, 2`,
      [JSON.stringify(actors)],
    ),
  )
  const found: Record<string, string[]> = Object.fromEntries(callers.map(({ name }) => [name, []]))
  for (const { actor, row } of rows) found[actor]!.push(row[0])
  return found
}
