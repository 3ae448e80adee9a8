import pg from 'pg'
import { roleSetName } from '#migrations'
import { type Bench, median, type Run } from './bench.ts'
import { openAppDatabase } from './policies/database.ts'
import { makeNaive, naiveClaims } from './policies/naive.ts'
import { caller, fillPeople, fillRows, keepFills, type Size } from './policies/rows.ts'
import { floors } from './policies-floor.ts'

const kinds = ['list', 'count', 'id'] as const
type Kind = (typeof kinds)[number]
type Table = keyof typeof columns

const columns = {
  order: 'id, number, note, status, total',
  order_line: 'id, quantity, product',
  document: 'id, title, confidential',
}

/** Shapes of rules, by the names of their ratios. A guarded field comes beside them. */
const shapes: Readonly<Record<string, { readonly roles: readonly string[]; readonly table: Table }>> = {
  own: { roles: ['clerk'], table: 'order' },
  role: { roles: ['auditor'], table: 'order' },
  team: { roles: ['agent'], table: 'order' },
  hops: { roles: ['seller'], table: 'order_line' },
  parent: { roles: ['viewer'], table: 'order_line' },
  few: { roles: ['inspector'], table: 'order' },
  two: { roles: ['clerk', 'agent'], table: 'order' },
  deny: { roles: ['reader'], table: 'document' },
}

/** Of these the caller sees the same rows, however large its tenant is. */
const constant = ['own', 'team', 'hops', 'parent', 'two']

export const bench: Bench = {
  summary: 'rules of eight shapes beside the best SQL by hand without row security',
  async run({ quick, note }) {
    const database = await openAppDatabase(Object.values(shapes).map(({ roles }) => roles))
    const connect = () => connected(database.adminUrl)
    const [admin, asker, guest] = [await connect(), await connect(), await connect()]
    const subjects: Subjects = { admin, asker, guest, prefix: database.names.prefix, rounds: quick ? 9 : 21 }
    try {
      await fillPeople(admin)
      await keepFills(admin)
      await makeNaive(admin)
      const size = sizeOf(quick ? 30_000 : 150_000)
      const visible = { customers: size.customers / 100, orders: size.orders / 100, lines: size.lines / 100 }
      await fillRows(admin, part(size, 1 / 4), visible)
      await admin.query('vacuum analyze')
      const before = new Map<string, number>()
      for (const shape of constant)
        for (const kind of kinds) before.set(`${shape}/${kind}`, median((await measure(shape, kind, subjects)).rule))
      await fillRows(admin, part(size, 3 / 4), null)
      await admin.query('vacuum analyze')
      note('filled')
      return await compare(subjects, before, note)
    } finally {
      for (const client of [admin, asker, guest]) await client.end()
      await database.close()
    }
  },
}

interface Subjects {
  /** Without row security. */
  readonly admin: pg.Client
  /** As the app's roles. */
  readonly asker: pg.Client
  /** As the naive ones. */
  readonly guest: pg.Client
  readonly prefix: string
  readonly rounds: number
}

interface Measured {
  readonly rule: readonly number[]
  readonly naive: readonly number[]
  /** One for each form. */
  readonly floor: readonly (readonly number[])[]
  readonly rows: string
}

async function compare(subjects: Subjects, before: ReadonlyMap<string, number>, note: (line: string) => void) {
  const runs: Run[] = []
  const ratios: Record<string, number> = {}
  for (const shape of Object.keys(shapes)) {
    for (const kind of kinds) {
      const { rule, naive, floor, rows } = await measure(shape, kind, subjects)
      const best = floor.reduce((one, other) => (median(one) <= median(other) ? one : other))
      const at = `${shape}/${kind}`
      runs.push(
        { name: `rule/${at}`, ms: rule },
        { name: `naive/${at}`, ms: naive },
        { name: `floor/${at}, form ${floor.indexOf(best) + 1}, ${rows} rows`, ms: best },
      )
      ratios[`rule/${at}`] = median(rule) / median(best)
      ratios[`naive/${at}`] = median(naive) / median(best)
      const small = before.get(at)
      if (small !== undefined) ratios[`growth/${at}`] = median(rule) / small
    }
    note(shape)
  }
  return { runs, ratios }
}

/** The same question by rule, by the naive rule and by hand, in turns. */
async function measure(
  shape: string,
  kind: Kind,
  { admin, asker, guest, prefix, rounds }: Subjects,
): Promise<Measured> {
  const { table, roles } = shapes[shape]!
  const forms = floors[shape]![kind]
  const asRule = (task: () => Promise<Timed>) => asCaller(asker, roleSetName(prefix, roles), '', task)
  const asNaive = (task: () => Promise<Timed>) => asCaller(guest, `naive_${shape}`, naiveClaims[shape] ?? '', task)
  const one = await asRule(() => timed(asker, `${shape} any`, `select id from app."${table}" limit 1`, []))
  const id = one.rows[0]!.id as string
  const text = textOf(table, kind)
  const values = kind === 'id' ? [id] : []
  const found: Timed[][] = [...forms, 'rule', 'naive'].map(() => [])
  // The first ones make plans.
  const times = kind === 'id' ? 3 * rounds : rounds
  for (let round = -6; round < times; round++) {
    const all = [
      ...(await inTurn(forms, (form, at) => {
        return timed(
          admin,
          `${shape} ${kind} ${at}`,
          ...bound(form, { tenant: caller.tenant, actor: caller.actor, id }),
        )
      })),
      await asRule(() => timed(asker, `${shape} ${kind}`, text, values)),
      await asNaive(() => timed(guest, `${shape} ${kind}`, text, values)),
    ]
    if (round >= 0) for (const [at, each] of all.entries()) found[at]!.push(each)
  }
  const sizes = new Set(found.flat().map(({ rows }) => String(kind === 'count' ? rows[0]!.count : rows.length)))
  if (sizes.size !== 1) throw new Error(`${shape}/${kind}: the forms find ${[...sizes].join(', ')} rows.`)
  const ms = found.map((each) => each.map((one) => one.ms))
  return { floor: ms.slice(0, forms.length), rule: ms.at(-2)!, naive: ms.at(-1)!, rows: [...sizes].join() }
}

function textOf(table: Table, kind: Kind): string {
  const from = `from app."${table}"`
  if (kind === 'count') return `select count(*) ${from}`
  return `select ${columns[table]} ${from} ${kind === 'list' ? 'order by id desc limit 20' : 'where id = $1'}`
}

interface Timed {
  readonly ms: number
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

async function timed(client: pg.Client, name: string, text: string, values: readonly string[]): Promise<Timed> {
  const started = performance.now()
  const { rows } = await client.query({ name, text, values: [...values] })
  return { ms: performance.now() - started, rows }
}

/** As a request does: role and claims hold for the transaction alone. */
async function asCaller(client: pg.Client, role: string, claim: string, task: () => Promise<Timed>): Promise<Timed> {
  await client.query('begin')
  const set = ['role', 'rowhouse.tenant_id', 'rowhouse.actor_id', 'rowhouse.claim_role']
  const all = set.map((name, at) => `set_config('${name}', $${at + 1}, true)`).join(', ')
  await client.query(`select ${all}`, [role, caller.tenant, caller.actor, claim])
  try {
    return await task()
  } finally {
    await client.query('commit')
  }
}

/** The text with numbered parameters, and their values. */
function bound(text: string, given: Readonly<Record<string, string>>): [text: string, values: readonly string[]] {
  const names: string[] = []
  const numbered = text.replaceAll(/(?<!:):([a-z]+)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name)
    return `$${names.indexOf(name) + 1}`
  })
  return [numbered, names.map((name) => given[name]!)]
}

async function inTurn<T, R>(all: readonly T[], work: (each: T, at: number) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = []
  for (const [at, each] of all.entries()) results.push(await work(each, at))
  return results
}

/** Rows of the large tenant; all others together hold as many. */
function sizeOf(orders: number): Size {
  return { customers: orders / 30, orders, lines: (orders * 5) / 3, documents: (orders * 19) / 30 }
}

function part(size: Size, share: number): Size {
  const { customers, orders, lines, documents } = size
  return { customers: customers * share, orders: orders * share, lines: lines * share, documents: documents * share }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}
