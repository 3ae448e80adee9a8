import { type Bench, median, type Run } from './bench.ts'
import { openAppDatabase } from './policies/database.ts'
import { measure, type Subjects } from './policies/measure.ts'
import { makeNaive } from './policies/naive.ts'
import { fillPeople, fillRows, keepFills, type Size } from './policies/rows.ts'
import { connected, makeFloorAsker } from './policies/session.ts'
import { kinds, shapes } from './policies/shapes.ts'

/**
 * Of 1,000,000 rows (`--quick`: 200,000), half of them one tenant's: customers, orders, lines and documents together are that many, in
 * the ratio 1 : 30 : 50 : 19. Whoever asks belongs to the large tenant. `growth/…` is the time there over that in a tenant of a quarter
 * of its rows, where the caller sees as many, measured in the same rounds.
 */
export const bench: Bench = {
  summary: 'rules of eight shapes beside the best SQL by hand without row security',
  async run({ quick, note }) {
    const database = await openAppDatabase(Object.values(shapes).map(({ roles }) => roles))
    const admin = await connected(database.adminUrl)
    const pace = quick ? { budgetMs: 700, leastRounds: 15 } : { budgetMs: 2500, leastRounds: 25 }
    try {
      await fillPeople(admin)
      await keepFills(admin)
      await makeNaive(admin)
      await makeFloorAsker(admin)
      const size = sizeOf(quick ? 30_000 : 150_000)
      const visible = { customers: size.customers / 100, orders: size.orders / 100, lines: size.lines / 100 }
      await fillRows(admin, size, visible)
      await admin.query('vacuum analyze')
      note('filled')
      return await compare({ client: admin, prefix: database.names.prefix, pace }, note)
    } finally {
      await admin.end()
      await database.close()
    }
  },
}

async function compare(subjects: Subjects, note: (line: string) => void) {
  const runs: Run[] = []
  const ratios: Record<string, number> = {}
  for (const shape of Object.keys(shapes)) {
    for (const kind of kinds) {
      const { rule, small, naive, floor, about } = await measure(shape, kind, subjects)
      const at = `${shape}/${kind}`
      runs.push(
        { name: `rule/${at}`, ms: rule },
        { name: `naive/${at}`, ms: naive },
        { name: `floor/${at}, ${about}`, ms: floor },
      )
      ratios[`rule/${at}`] = median(rule) / median(floor)
      ratios[`naive/${at}`] = median(naive) / median(floor)
      if (small === null) continue
      runs.push({ name: `small/${at}`, ms: small })
      ratios[`growth/${at}`] = median(rule) / median(small)
    }
    note(shape)
  }
  return { runs, ratios }
}

/** Rows of the large tenant; all others together hold as many. */
function sizeOf(orders: number): Size {
  return { customers: orders / 30, orders, lines: (orders * 5) / 3, documents: (orders * 19) / 30 }
}
