import { join } from 'node:path'
import type pg from 'pg'
import { roleSetName } from '#migrations'
import { type Bench, median } from './bench.ts'
import { openAppDatabase } from './policies/database.ts'
import { connected } from './policies/session.ts'

const tills = join(import.meta.dirname, '../test/fixtures/apps/tills')
const tenant = '00000000-0000-7000-8000-000000000001'
const wholes = 400
const itemsEach = 6

/** Tables of items, from nothing stored to three levels of it. */
const trees = {
  plain: { name: 'nothing stored', whole: 'app.slip', item: 'app.slip_item', link: 'slip_id' },
  near: { name: 'a sum and a count above', whole: 'app.basket', item: 'app.basket_item', link: 'basket_id' },
  deep: { name: 'an amount beside, sums two levels up', whole: 'app."order"', item: 'app.item', link: 'order_id' },
} as const
type Tree = keyof typeof trees
const names = Object.keys(trees) as readonly Tree[]

/** What is done to items, each a statement and how often it is said in a round. */
const acts = {
  insert: (tree: Tree) => {
    const { item, link, whole } = trees[tree]
    return `insert into ${item} (${link}, price, quantity) select id, 2.5, 3 from ${whole} where number = $1`
  },
  update: (tree: Tree) => {
    const { item, link, whole } = trees[tree]
    return `update ${item} set quantity = quantity + 1 where id = (select id from ${item} where ${link} = (select id from ${whole} where number = $1) limit 1)`
  },
  batch: (tree: Tree) => {
    const { item, link, whole } = trees[tree]
    return `insert into ${item} (${link}, price, quantity) select id, 1, 1 from ${whole}, generate_series(1, 500) where number = $1`
  },
} as const
type Act = keyof typeof acts

export const bench: Bench = {
  summary: 'writes of items whose sums and counts are stored, beside the same without',
  async run({ quick, note }) {
    const database = await openAppDatabase([['clerk']], tills)
    const client = await connected(database.adminUrl)
    try {
      await fill(client)
      const role = roleSetName(database.names.prefix, ['clerk'])
      const rounds: Readonly<Record<Act, number>> = quick
        ? { insert: 150, update: 100, batch: 6 }
        : { insert: 1_500, update: 1_000, batch: 30 }
      const times = new Map<string, number[]>()
      for (const act of Object.keys(acts) as readonly Act[]) {
        note(`${act}: ${rounds[act]} rounds`)
        // Turn by turn, so that what else the machine does meets all of them.
        for (let at = -10; at < rounds[act]; at++)
          for (const tree of names) {
            const ms = await once(client, { role, act, tree, at: Math.max(at, 0) })
            if (at >= 0) times.set(`${act} ${tree}`, [...(times.get(`${act} ${tree}`) ?? []), ms])
          }
      }
      const of = (act: Act, tree: Tree) => times.get(`${act} ${tree}`)!
      const runs = (Object.keys(acts) as readonly Act[]).flatMap((act) =>
        names.map((tree) => ({ name: `${act}, ${trees[tree].name}`, ms: of(act, tree) })),
      )
      const ratio = (act: Act, tree: Tree) => median(of(act, tree)) / median(of(act, 'plain'))
      return {
        runs,
        ratios: {
          'stored/vs-plain': ratio('insert', 'near'),
          'stored/deep-vs-plain': ratio('insert', 'deep'),
          'stored/update-vs-plain': ratio('update', 'near'),
          'stored/update-deep-vs-plain': ratio('update', 'deep'),
          'stored/batch-vs-plain': ratio('batch', 'near'),
          'stored/batch-deep-vs-plain': ratio('batch', 'deep'),
        },
      }
    } finally {
      await client.end()
      await database.close()
    }
  },
}

async function fill(client: pg.Client): Promise<void> {
  await client.query(`insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'a', 'A');
    select set_config('rowhouse.tenant_id', '${tenant}', false);
    insert into app.account (name) select 'A' || n from generate_series(1, 40) n;
    insert into app.slip (number) select 'N' || n from generate_series(0, ${wholes - 1}) n;
    insert into app.basket (number) select 'N' || n from generate_series(0, ${wholes - 1}) n;
    insert into app."order" (number, account_id) select 'N' || n, (select id from app.account offset n % 40 limit 1) from generate_series(0, ${wholes - 1}) n`)
  for (const tree of names) {
    const { item, link, whole } = trees[tree]
    await client.query(
      `insert into ${item} (${link}, price, quantity) select id, 2.5, n from ${whole}, generate_series(1, ${itemsEach}) n`,
    )
    await client.query(`create index on ${whole} (number)`)
  }
  await client.query('analyze')
}

interface Once {
  readonly role: string
  readonly act: Act
  readonly tree: Tree
  readonly at: number
}

/** The statement and its commit, as a request has them; who asks is set before. */
async function once(client: pg.Client, { role, act, tree, at }: Once): Promise<number> {
  await client.query('begin')
  await client.query({
    name: 'claims',
    text: `select set_config('role', $1, true), set_config('rowhouse.tenant_id', $2, true)`,
    values: [role, tenant],
  })
  const started = performance.now()
  await client.query({ name: `${act} ${tree}`, text: acts[act](tree), values: [`N${at % wholes}`] })
  await client.query('commit')
  return performance.now() - started
}
