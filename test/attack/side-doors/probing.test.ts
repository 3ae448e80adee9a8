import { beforeAll, expect, test } from 'vitest'
import { boss, useDoors } from './doors.ts'
import { changeWhatIsHidden } from './other-world.ts'
import { answers, differing, Questions } from './questions.ts'
import { fieldFence, readPolicies, without } from './without.ts'

// Filters: each comparison of each field, of related rows one way further, and of totals of them. Protection: row policies and faces of every table on the way.
const app = useDoors()
let questions: readonly string[]
let before: readonly string[]
let seen: readonly string[]

beforeAll(async () => {
  const all = await Questions.of(app())
  questions = ['orders', 'customers', 'orderLines'].flatMap((list) =>
    all.filters(list, /margin|share|memo: \{ (like|includes|startsWith|notLike)/),
  )
  questions = [...questions, ...denied(questions)]
  before = await answers(app(), {}, questions)
  seen = await answers(app(), boss, questions)
})

/** Some of them the other way round. */
function denied(of: readonly string[]): readonly string[] {
  const guarded = of.filter((each) =>
    /^orders\(filter: \{ (margin|share|number)|^customers\(filter: \{ (memo|orders: \{ some: \{ (margin|share))/.test(
      each,
    ),
  )
  return guarded.map((each) => each.replace('filter: {', 'filter: { not: {').replace('})', '} })'))
}

test('every comparison is there, and told by whoever may see', () => {
  expect(questions.length).toBeGreaterThan(600)
  expect(questions.filter((each) => /like: "q%"|startsWith: "q%"/.test(each)).length).toBeGreaterThan(10)
  expect(differing(questions, before, seen).length).toBeGreaterThan(200)
})

test('a field fewer in the faces, and filters tell it', async () => {
  const shown = await without(app(), fieldFence('order'), () => answers(app(), {}, questions))
  const told = differing(questions, before, shown)
  expect(told.length).toBeGreaterThan(30)
  for (const each of told) expect(each).toMatch(/margin|share/)
})

test('a text fewer in the faces, and patterns tell it', async () => {
  const asked = questions.filter((each) => /memo: \{ (not)?(like|includes|startsWith)/i.test(each))
  expect(asked.length).toBeGreaterThan(20)
  const here = asked.map((each) => before[questions.indexOf(each)]!)
  const shown = await without(app(), fieldFence('customer'), () => answers(app(), {}, asked))
  expect(differing(asked, here, shown).length).toBeGreaterThan(5)
})

test('a row fewer in the policies, and filters tell', async () => {
  const shown = await without(app(), readPolicies(/^(order|customer|team)/), () => answers(app(), {}, questions))
  expect(differing(questions, before, shown).length).toBeGreaterThan(200)
})

test('what is hidden changes, and no filter tells', async () => {
  await changeWhatIsHidden(app())
  expect(differing(questions, before, await answers(app(), {}, questions))).toEqual([])
  expect(differing(questions, seen, await answers(app(), boss, questions)).length).toBeGreaterThan(100)
})
