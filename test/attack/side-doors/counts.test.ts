import { beforeAll, expect, test } from 'vitest'
import { boss, useDoors } from './doors.ts'
import { changeWhatIsHidden } from './other-world.ts'
import { answers, differing, Questions } from './questions.ts'
import { fieldFence, readPolicies, without } from './without.ts'

// Totals. Protection: row policies of each table, and of its faces for hidden fields; every total is taken of what these show.
const app = useDoors()
let questions: readonly string[]
let before: readonly string[]
let seen: readonly string[]

beforeAll(async () => {
  const all = await Questions.of(app())
  questions = ['orders', 'customers', 'orderLines', 'teams', 'orderHistories'].flatMap((list) => all.totals(list))
  questions = [...questions, ...nested(questions)]
  before = await answers(app(), {}, questions)
  seen = await answers(app(), boss, questions)
})

/** The same of lists inside of rows. */
function nested(of: readonly string[]): readonly string[] {
  const inside = of.filter((each) => each.startsWith('orders ')).map((each) => `customers { nodes { id ${each} } }`)
  return [...inside, ...of.filter((each) => each.startsWith('customers ')).map((each) => `teams { nodes { ${each} } }`)]
}

test('there is a total for each way to take one', () => {
  expect(questions.length).toBeGreaterThan(300)
  // Whoever sees more is told more.
  expect(differing(questions, before, seen).length).toBeGreaterThan(150)
})

test('a row fewer in the policies, and totals tell', async () => {
  const shown = await without(app(), readPolicies(/^(order|customer|team)/), () => answers(app(), {}, questions))
  expect(differing(questions, before, shown).length).toBeGreaterThan(150)
})

test('a field fewer in the faces, and totals of it tell', async () => {
  const shown = await without(app(), fieldFence('order'), () => answers(app(), {}, questions))
  const told = differing(questions, before, shown)
  expect(told.length).toBeGreaterThan(20)
  for (const each of told) expect(each).toMatch(/margin|share|MARGIN|SHARE/)
})

test('what is hidden changes, and no total does', async () => {
  await changeWhatIsHidden(app())
  expect(differing(questions, before, await answers(app(), {}, questions))).toEqual([])
  expect(differing(questions, seen, await answers(app(), boss, questions)).length).toBeGreaterThan(150)
})
