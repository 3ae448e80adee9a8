import { join } from 'node:path'
import type pg from 'pg'
import { roleSetName } from '#migrations'
import { type Bench, median, type Run } from './bench.ts'
import { openAppDatabase } from './policies/database.ts'
import { type Asker, ask, connected } from './policies/session.ts'

const app = join(import.meta.dirname, '../test/fixtures/apps/shelves')
const words = { rare: 'w15000', some: 'w200 ', two: 'w100 w200 ', many: 'w3 ', typed: 'w19', short: 'w1' } as const
const tenants = {
  large: '00000000-0000-7000-8000-000000000001',
  small: '00000000-0000-7000-8000-000000000003',
} as const

export const bench: Bench = {
  summary: 'searches under row policies beside SQL by hand without row security',
  async run({ quick, note }) {
    const database = await openAppDatabase([['keeper'], ['guest']], app)
    const [admin, asker] = [await connected(database.adminUrl), await connected(database.adminUrl)]
    try {
      await fill(admin, quick ? 80_000 : 400_000)
      note('filled')
      const { rows } = await admin.query<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = 'app.article'::regclass and attname like 'search\\_\\_%'`,
      )
      const column = rows[0]!.name
      // What policies alone come to: the words as a filter like any other.
      await admin.query(
        `grant select (${column}) on app.article to "${database.names.prefix}_guest", "${database.names.prefix}_keeper"`,
      )
      const subjects = { admin, asker, column, prefix: database.names.prefix, rounds: quick ? 5 : 15 }
      const runs: Run[] = []
      const ratios: Record<string, number> = {}
      for (const tenant of ['large', 'small'] as const)
        for (const role of ['keeper', 'guest'] as const)
          for (const word of Object.keys(words) as (keyof typeof words)[])
            Object.assign(ratios, await compare({ tenant, role, word }, subjects, runs))
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
  readonly column: string
  readonly prefix: string
  readonly rounds: number
}

interface Asked {
  readonly tenant: keyof typeof tenants
  readonly role: 'keeper' | 'guest'
  readonly word: keyof typeof words
}

/** The best twenty by the API's statement, by hand with the same rights written out, and under row policies alone. */
async function compare(
  { tenant, role, word }: Asked,
  subjects: Subjects,
  runs: Run[],
): Promise<Record<string, number>> {
  const { admin, asker, column, prefix, rounds } = subjects
  const who: Asker = { role: roleSetName(prefix, [role]), tenant: tenants[tenant], claim: '' }
  const mine = role === 'guest' ? ' and shelf < 50' : ''
  const ranked = `order by ts_rank(${column}, rowhouse.search_query('simple', $1)) desc, id desc limit 20`
  const found = `${column} @@ rowhouse.search_query('simple', $1)`
  const forms = {
    search: `select t.id from app.article t inner join rowhouse_private.search_article($1::text, true) f on f.id = t.id order by f.rank desc, t.id desc limit 20`,
    policies: `select id from app.article where ${found.replaceAll('rowhouse.search_query', 'websearch_to_tsquery')} order by ts_rank(${column}, websearch_to_tsquery('simple', $1)) desc, id desc limit 20`,
    hand: `select id from app.article where tenant_id = '${tenants[tenant]}' and deleted_at is null${mine} and ${found} ${ranked}`,
  }
  const times: Record<keyof typeof forms, number[]> = { search: [], policies: [], hand: [] }
  const sizes = new Set<number>()
  for (let round = -2; round < rounds; round++)
    for (const form of ['search', 'hand', 'policies'] as const) {
      // It knows no beginnings of words.
      if (form === 'policies' && (word === 'typed' || word === 'short')) continue
      const question = { name: `${form} ${tenant} ${role}`, text: forms[form], values: [words[word]] }
      const asking = form === 'hand' ? { client: admin, as: { ...who, role: 'none' } } : { client: asker, as: who }
      const { ms, count } = await ask(asking.client, asking.as, question)
      sizes.add(count)
      if (round >= 0) times[form].push(ms)
    }
  if (sizes.size !== 1) throw new Error(`${tenant}/${role}/${word}: the forms find ${[...sizes].join(', ')} rows.`)
  const at = `${tenant}/${role}/${word}`
  for (const [form, ms] of Object.entries(times)) if (ms.length > 0) runs.push({ name: `${form}/${at}`, ms })
  const result = { [`vs-hand/${at}`]: median(times.search) / median(times.hand) }
  return times.policies.length === 0
    ? result
    : { ...result, [`vs-policies/${at}`]: median(times.search) / median(times.policies) }
}

/** A quarter of all rows is the large tenant's; a hundred others share the rest. Few words are frequent, many are rare. */
async function fill(admin: pg.Client, count: number): Promise<void> {
  const id = (at: string) => `('00000000-0000-7000-8000-' || lpad((${at})::text, 12, '0'))::uuid`
  const text = (length: number) =>
    `(select string_agg('w' || (20000 * power(random(), 4))::integer, ' ') from generate_series(1, ${length}) where i > 0)`
  await admin.query(`
    set session_replication_role = replica;
    insert into rowhouse.tenant (id, slug, name) select ${id('n')}, 't' || n, 'Tenant ' || n from generate_series(1, 101) n;
    insert into app.article (tenant_id, title, notes, shelf)
      select case when i % 4 = 0 then ${id('1')} else ${id('2 + i % 100')} end, ${text(5)}, ${text(40)}, (i / 7) % 100
      from generate_series(1, ${count}) i;
    reset session_replication_role`)
  await admin.query('vacuum analyze')
}
