import { join } from 'node:path'
import type pg from 'pg'
import { roleSetName } from '#migrations'
import { type Bench, median, type Run } from './bench.ts'
import { openAppDatabase } from './policies/database.ts'
import { ask, connected, type Timed } from './policies/session.ts'
import { keepClosure, leaveClosure, makeClosure } from './trees/closure.ts'
import { caller, fillFolders, folderAt } from './trees/fill.ts'
import { formsOf, makeFunctions, shapes } from './trees/forms.ts'

const app = join(import.meta.dirname, '../test/fixtures/apps/forest')
const kinds = ['list', 'count', 'id'] as const
type Kind = (typeof kinds)[number]

export const bench: Bench = {
  summary: 'rules on a tree of 100,000 folders beside recursive SQL, a closure table and functions',
  async run({ quick, note }) {
    const database = await openAppDatabase(
      [...new Set(Object.values(shapes).map(({ role }) => role))].map((role) => [role]),
      app,
    )
    const [admin, asker] = [await connected(database.adminUrl), await connected(database.adminUrl)]
    try {
      // Of the large tenant; all others together hold as many.
      await fillFolders(admin, quick ? 20_000 : 50_000)
      await makeClosure(admin)
      await makeFunctions(admin)
      await admin.query('vacuum analyze')
      await admin.query(
        `select set_config('rowhouse.tenant_id', $1, false), set_config('rowhouse.actor_id', $2, false)`,
        [caller.tenant, caller.actor],
      )
      note('filled')
      const subjects: Subjects = { admin, asker, prefix: database.names.prefix, rounds: quick ? 5 : 15, quick }
      const runs: Run[] = []
      const ratios: Record<string, number> = {}
      for (const shape of Object.keys(shapes)) {
        for (const kind of kinds) Object.assign(ratios, await compare(shape, kind, subjects, runs))
        note(shape)
      }
      Object.assign(ratios, await compareWrites(admin, runs, quick ? 5 : 11))
      return { runs, ratios }
    } finally {
      for (const client of [admin, asker]) await client.end()
      await database.close()
    }
  },
}

interface Subjects {
  /** Without row security. */
  readonly admin: pg.Client
  /** As the app's roles. */
  readonly asker: pg.Client
  readonly prefix: string
  readonly rounds: number
  readonly quick: boolean
}

/** The same question by rule and by hand, in turns. */
async function compare(shape: string, kind: Kind, subjects: Subjects, runs: Run[]): Promise<Record<string, number>> {
  const { admin, asker, prefix, quick, rounds } = subjects
  const { table, role } = shapes[shape]!
  const who = { role: roleSetName(prefix, [role]), tenant: caller.tenant, claim: '' }
  const one = await ask(asker, who, { name: `${shape} any`, text: `select id from app.${table} limit 1`, values: [] })
  const values = kind === 'id' ? [one.rows[0]!.id as string] : []
  const forms = formsOf(shape, table === 'folder' ? 't.id' : 't.folder_id')
  const named = (['recursive', 'closure', 'kept', 'function'] as const).flatMap((way) =>
    forms[way].map((where, at) => ({ name: `${way} ${at + 1}`, way, text: textOf(table, kind, where) })),
  )
  const found = new Map<string, number[]>()
  const sizes = new Set<string>()
  const slow = new Set<string>()
  const keep = (name: string, { ms, rows }: Timed, round: number) => {
    sizes.add(String(kind === 'count' ? rows[0]!.count : rows.length))
    if (ms > (quick ? 100 : 300)) slow.add(name)
    if (round >= 0 || slow.has(name)) found.set(name, [...(found.get(name) ?? []), ms])
  }
  // The first ones make plans. What takes long is asked once or twice.
  for (let round = quick ? -2 : -6; round < rounds; round++) {
    for (const { name, way, text } of named) {
      if (slow.has(name) && (quick || (found.get(name)?.length ?? 0) > 2)) continue
      if (way === 'function' && quick && shape !== 'within') continue
      keep(name, await timed(admin, `${shape} ${kind} ${name}`, text, values), round)
    }
    const text = textOf(table, kind, null)
    if (!slow.has('rule') || (found.get('rule')?.length ?? 0) < 3)
      keep('rule', await ask(asker, who, { name: `${shape} ${kind}`, text, values }), round)
  }
  if (sizes.size !== 1) throw new Error(`${shape}/${kind}: the forms find ${[...sizes].join(', ')} rows.`)
  const best = (way: string) => {
    const all = [...found].filter(([name]) => name.startsWith(way))
    return all.length === 0 ? null : all.reduce((one, other) => (median(one[1]) <= median(other[1]) ? one : other))
  }
  const rule = median(found.get('rule')!)
  const ratios: Record<string, number> = {}
  for (const way of ['rule', 'recursive', 'closure', 'kept', 'function']) {
    const form = best(way)
    if (form === null) continue
    runs.push({
      name: `${way}/${shape}/${kind}, ${way === 'rule' ? `${[...sizes].join()} rows` : form[0]}`,
      ms: form[1],
    })
    if (way === 'function') ratios[`function/${shape}/${kind}`] = median(form[1]) / rule
    else if (way !== 'rule') ratios[`rule/${shape}/${kind} to ${way}`] = rule / median(form[1])
  }
  return ratios
}

function textOf(table: 'folder' | 'document', kind: Kind, where: string | null): string {
  const columns = table === 'folder' ? 'id, name, level, parent_id' : 'id, title, folder_id'
  const tests = [
    ...(where === null ? [] : ['t.tenant_id = rowhouse.tenant_id()', 't.deleted_at is null', where]),
    ...(kind === 'id' ? ['t.id = $1'] : []),
  ]
  const from = `from app.${table} t${tests.length === 0 ? '' : ` where ${tests.join(' and ')}`}`
  return kind === 'count'
    ? `select count(*) ${from}`
    : `select ${columns} ${from}${kind === 'list' ? ' order by t.id desc limit 20' : ''}`
}

/** What it costs to keep a closure: moves of small and large parts of the tree, and new folders. */
async function compareWrites(admin: pg.Client, runs: Run[], rounds: number): Promise<Record<string, number>> {
  const root = await folderAt(admin, 3)
  const moves = [
    { what: 'move of 1', number: 15_500 },
    { what: 'move of a sixty-fourth', number: 30 },
    { what: 'move of a sixteenth', number: 8 },
  ]
  const writes: Write[] = []
  for (const { what, number } of moves) {
    const text = 'update app.folder set parent_id = $1 where id = $2'
    writes.push({ what, text, values: [root, await folderAt(admin, number)] })
  }
  writes.push({
    what: '100 new folders',
    text: `insert into app.folder (tenant_id, id, name, level, locked, open, parent_id)
        select rowhouse.tenant_id(), gen_random_uuid(), 'New', 1, false, false, $1 from generate_series(1, 100)`,
    values: [await folderAt(admin, 15_000)],
  })
  const plain = await measureWrites(admin, writes, rounds)
  await keepClosure(admin)
  const kept = await measureWrites(admin, writes, rounds)
  await leaveClosure(admin)
  const ratios: Record<string, number> = {}
  for (const [at, { what }] of writes.entries()) {
    runs.push({ name: `write/${what}, no closure`, ms: plain[at]! }, { name: `write/${what}, closure`, ms: kept[at]! })
    ratios[`closure kept/${what}`] = median(kept[at]!) / median(plain[at]!)
  }
  return ratios
}

interface Write {
  readonly what: string
  readonly text: string
  readonly values: readonly string[]
}

async function measureWrites(
  admin: pg.Client,
  writes: readonly Write[],
  rounds: number,
): Promise<readonly (readonly number[])[]> {
  const found: number[][] = writes.map(() => [])
  for (let round = -1; round < rounds; round++) {
    for (const [at, { text, values }] of writes.entries()) {
      await admin.query('begin')
      const started = performance.now()
      await admin.query(text, [...values])
      const ms = performance.now() - started
      await admin.query('rollback')
      if (round >= 0) found[at]!.push(ms)
    }
  }
  return found
}

async function timed(client: pg.Client, name: string, text: string, values: readonly string[]): Promise<Timed> {
  const started = performance.now()
  const { rows } = await client.query({ name: name.slice(0, 60), text, values: [...values] })
  return { ms: performance.now() - started, rows, count: rows.length }
}
