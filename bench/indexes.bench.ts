import type pg from 'pg'
import { roleSetName } from '#migrations'
import { type Bench, median, type Run } from './bench.ts'
import { type ListLookup, type Lookup, listLookups, lookups, scannedTables } from './indexes/lookups.ts'
import { recordRequests } from './indexes/recorded-request.ts'
import { openAppDatabase } from './policies/database.ts'
import { caller, fillPeople, fillRows, keepFills } from './policies/rows.ts'
import { ask, connected, floorAsker, makeFloorAsker, type Question } from './policies/session.ts'

/** Half of the rows are the tenant's, half those of others. A hundredth of what the tenant has is the caller's. */
const size = (lines: number) => ({
  customers: lines / 100,
  orders: lines / 4,
  lines,
  documents: lines / 4,
  contracts: 0,
  invoices: 0,
})

export const bench: Bench = {
  summary: 'requests by id, to-one and to-many under rules at 1,000,000 rows, beside the bare tables',
  async run({ quick, note }) {
    const database = await openAppDatabase([...new Set(lookups.map(({ role }) => role))].map((role) => [role]))
    const admin = await connected(database.adminUrl)
    const asker = await connected(database.adminUrl)
    const requests = recordRequests(database.model, database.adminUrl)
    try {
      const rows = size(quick ? 50_000 : 500_000)
      await keepFills(admin)
      await fillPeople(admin)
      await fillRows(admin, rows, {
        customers: rows.customers / 100,
        orders: rows.orders / 100,
        lines: rows.lines / 100,
      })
      await makeFloorAsker(admin)
      await admin.query('vacuum analyze')
      note('filled')
      const seen = await visibleRows(admin)
      const runs: Run[] = []
      const ratios: Record<string, number> = {}
      const { tenant, actor } = caller
      for (const lookup of [...lookups, ...listLookups]) {
        const who = { role: lookup.role, tenant, actor }
        const { statements } =
          'query' in lookup
            ? await requests.ask(who, lookup.query, seen)
            : await requests.askList(who, lookup.text, seen.ids as readonly string[])
        const subjects = { asker, prefix: database.names.prefix, rounds: quick ? 25 : 51, lookup }
        let [ruled, bare] = [0, 0]
        for (const [at, { text, values = [] }] of statements.entries()) {
          const question = { name: `${lookup.name} ${at}`, text, values: values as readonly string[] }
          const { ms, floor } = await compare(question, subjects)
          runs.push({ name: `${lookup.name} ${at + 1}`, ms }, { name: `${lookup.name} ${at + 1}, bare`, ms: floor })
          ruled += median(ms)
          bare += median(floor)
        }
        // Newest rows of all are other ones than the newest of the caller's, which lie further apart.
        if (!/^to-.*viewer/.test(lookup.name)) ratios[`bare/${lookup.name}`] = ruled / bare
        note(lookup.name)
      }
      return { runs, ratios }
    } finally {
      await requests.close()
      for (const client of [admin, asker]) await client.end()
      await database.close()
    }
  },
}

/** Rows that every role of the lookups sees. */
async function visibleRows(admin: pg.Client): Promise<Readonly<Record<string, string | readonly string[]>>> {
  const { tenant, actor, team } = caller
  const { rows } = await admin.query<{ order: string; line: string; document: string; ids: readonly string[] }>(
    `select (select id from app."order" where tenant_id = $1 and placed_by_id = $2 and team_id = $3 limit 1) as order,
      (select l.id from app.order_line l join app."order" o on o.tenant_id = l.tenant_id and o.id = l.order_id join app.customer c on c.tenant_id = o.tenant_id and c.id = o.customer_id
        where o.tenant_id = $1 and o.placed_by_id = $2 and c.team_id = $3 limit 1) as line,
      (select id from app.document where tenant_id = $1 and not confidential limit 1) as document,
      array(select id from app."order" where tenant_id = $1 and placed_by_id = $2 and team_id = $3 limit 20) as ids`,
    [tenant, actor, team],
  )
  return rows[0]!
}

interface Subjects {
  readonly asker: pg.Client
  readonly prefix: string
  readonly rounds: number
  readonly lookup: Lookup | ListLookup
}

/** The statement as the role, in turns with the same on tables without row security, where the tenant is written down. */
async function compare(question: Question, { asker, prefix, rounds, lookup }: Subjects) {
  const who = { role: roleSetName(prefix, [lookup.role]), tenant: caller.tenant, claim: '' }
  const { rows } = await ask(asker, who, {
    ...question,
    name: `explain ${question.name}`,
    text: `explain (format json) ${question.text}`,
  })
  const large = scannedTables((rows[0]!['QUERY PLAN'] as readonly { Plan: never }[])[0]!.Plan)
  if (large.length > 0) throw new Error(`${lookup.name} goes through ${large.join(' and ')}.\n${question.text}`)
  const bare = { ...question, name: `${question.name} bare`, text: bareText(question.text) }
  const [ms, floor]: [number[], number[]] = [[], []]
  for (let round = -6; round < rounds; round++) {
    const times = [(await ask(asker, who, question)).ms, (await ask(asker, floorAsker, bare)).ms] as const
    if (round < 0) continue
    ms.push(times[0])
    floor.push(times[1])
  }
  return { ms, floor }
}

function bareText(text: string): string {
  return text.replaceAll(/"app"\."(?!user")(\w+)" as /g, (_, table: string) => {
    return `(select * from "app"."${table}" where tenant_id = '${caller.tenant}' and deleted_at is null) as `
  })
}
