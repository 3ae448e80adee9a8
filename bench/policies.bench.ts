import { type Bench, type BenchResult, median, type Run } from './bench.ts'
import { openAppDatabase } from './policies/database.ts'
import { type Measured, measure, type Subjects } from './policies/measure.ts'
import { makeNaive } from './policies/naive.ts'
import { fillPeople, fillRows, keepFills, type Size } from './policies/rows.ts'
import { connected, makeFloorAsker } from './policies/session.ts'
import { shapes } from './policies/shapes.ts'
import { makeBareTables, measureWrites, type Written } from './policies/writes.ts'

/**
 * Of 1,000,000 rows (`--quick`: 200,000), half of them one tenant's: customers, orders, lines, documents, contracts and invoices together
 * are that many, in the ratio 1 : 25 : 40 : 12 : 10 : 12. Whoever asks belongs to the large tenant.
 *
 * - `rule/…` and `naive/…`: the time over that of the fastest form by hand, of `policies-floor.ts`.
 * - `growth/…`: the time over that in a tenant of a quarter of the rows, where the caller sees as many.
 * - `write/…`: one statement that writes a column of up to 1,000 rows, over the same in a copy of the table without row security and
 *   guard; `write/…/one`: a statement for each row.
 */
export const bench: Bench = {
  summary: 'rules of eleven shapes beside the best SQL by hand without row security',
  async run({ quick, note }) {
    const database = await openAppDatabase(roleSets())
    const admin = await connected(database.adminUrl)
    const pace = quick ? { budgetMs: 550, leastRounds: 15 } : { budgetMs: 2500, leastRounds: 25 }
    try {
      await fillPeople(admin)
      await keepFills(admin)
      await makeNaive(admin)
      await makeFloorAsker(admin)
      const size = sizeOf(quick ? 1_000 : 5_000)
      const visible = { customers: size.customers / 100, orders: size.orders / 100, lines: size.lines / 100 }
      await fillRows(admin, size, visible)
      await makeBareTables(admin)
      await admin.query('vacuum analyze')
      note('filled')
      return await compare({ client: admin, prefix: database.names.prefix, pace }, note)
    } finally {
      await admin.end()
      await database.close()
    }
  },
}

async function compare(subjects: Subjects, note: (line: string) => void): Promise<BenchResult> {
  const runs: Run[] = []
  const ratios: Record<string, number> = {}
  const add = (found: BenchResult) => {
    runs.push(...found.runs)
    Object.assign(ratios, found.ratios)
  }
  for (const [name, shape] of Object.entries(shapes)) {
    for (const kind of shape.kinds) add(readResult(`${name}/${kind}`, await measure(name, kind, subjects)))
    note(name)
  }
  // Last: what is written grows.
  for (const [name, { writes }] of Object.entries(shapes)) {
    if (writes !== undefined) add(writeResult(name, await measureWrites(name, subjects)))
  }
  note('written')
  return { runs, ratios }
}

function readResult(at: string, { rule, small, naive, floor, about }: Measured): BenchResult {
  const runs = [
    { name: `rule/${at}`, ms: rule },
    { name: `naive/${at}`, ms: naive },
    { name: `floor/${at}, ${about}`, ms: floor },
  ]
  const ratios = {
    [`rule/${at}`]: median(rule) / median(floor),
    [`naive/${at}`]: median(naive) / median(floor),
  }
  if (small === null) return { runs, ratios }
  return {
    runs: [...runs, { name: `small/${at}`, ms: small }],
    ratios: { ...ratios, [`growth/${at}`]: median(rule) / median(small) },
  }
}

function writeResult(shape: string, { rows, many, one }: Written): BenchResult {
  const runs = [
    { name: `write/${shape}, ${rows} rows`, ms: many.rule },
    { name: `bare/${shape}, ${rows} rows`, ms: many.floor },
    { name: `write/${shape}/one`, ms: one.rule },
    { name: `bare/${shape}/one`, ms: one.floor },
  ]
  const ratios = {
    [`write/${shape}`]: median(many.rule) / median(many.floor),
    [`write/${shape}/one`]: median(one.rule) / median(one.floor),
  }
  return { runs, ratios }
}

/** Of each roles that a caller has at once. */
function roleSets(): readonly (readonly string[])[] {
  const all = Object.values(shapes).map(({ roles }) => roles)
  return [...new Map(all.map((roles) => [roles.join(), roles])).values()]
}

/** Rows of the large tenant; all others together hold as many. */
function sizeOf(customers: number): Size {
  return {
    customers,
    orders: 25 * customers,
    lines: 40 * customers,
    documents: 12 * customers,
    contracts: 10 * customers,
    invoices: 12 * customers,
  }
}
