import { beforeAll, expect, test } from 'vitest'
import { oneLineConsole } from '../../../cli/serve/one-line-console.ts'
import { boss, foreignOrder, hiddenA, ownA, ownB, sam, useDoors } from './doors.ts'
import { changeWhatIsHidden } from './other-world.ts'
import { answers, differing, Questions } from './questions.ts'
import { fieldFence, readPolicies, without } from './without.ts'

// Order and cursors. Protection: row policies and faces; an order, and the place that a cursor names, are of what these show, whoever made the cursor.
const app = useDoors()
let questions: readonly string[]
let before: readonly string[]
let seen: readonly string[]

const cursor = (...parts: readonly unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64')
const decoded = (text: string) => JSON.parse(Buffer.from(text, 'base64').toString())

beforeAll(async () => {
  const all = await Questions.of(app())
  questions = ['orders', 'customers', 'orderLines', 'teams'].flatMap((list) => all.orders(list))
  before = await answers(app(), {}, questions)
  seen = await answers(app(), boss, questions)
})

test('each order has its cursors', () => {
  expect(questions.length).toBeGreaterThan(300)
  expect(differing(questions, before, seen).length).toBeGreaterThan(300)
})

test('a field fewer in the faces, and orders and cursors tell it', async () => {
  const told = differing(
    questions,
    before,
    await without(app(), fieldFence('order'), () => answers(app(), {}, questions)),
  )
  expect(told.length).toBeGreaterThan(10)
  for (const each of told) expect(each).toMatch(/MARGIN|SHARE/)
})

/** What cursors were made of, but for the order and the id that they name. */
const heldIn = (told: readonly string[]): readonly unknown[] =>
  told.flatMap((answer) =>
    [...answer.matchAll(/"cursor":"([^"]+)"/g)].flatMap(([, text]) => decoded(text!).slice(1, -1)),
  )
const isAmount = (value: unknown) => typeof value === 'number' || (typeof value === 'string' && /^[\d.]+$/.test(value))
const hiddenMargins = [1.5, 9, 10.5, 70]
const hiddenWeights = [700, 800, 1500]
/** Margins and memos are hidden from who sees their rows, the weights are of rows out of sight. */
function secretsIn(told: readonly string[]): readonly unknown[] {
  const secret: readonly unknown[] = [...hiddenMargins, ...hiddenWeights, 'quiet', 'loud']
  return heldIn(told).filter((value) => secret.includes(isAmount(value) ? Number(value) : value))
}

test('a cursor holds nothing that its reader may not see', async () => {
  expect(heldIn(before).length).toBeGreaterThan(300)
  expect(secretsIn(before)).toEqual([])
  const fields = await without(app(), fieldFence('order'), () => answers(app(), {}, questions))
  expect(secretsIn(fields).map(Number)).toEqual(expect.arrayContaining([1.5, 9]))
  const memos = await without(app(), fieldFence('customer'), () => answers(app(), {}, questions))
  expect(secretsIn(memos)).toContain('quiet')
  const rows = await without(app(), readPolicies(/^(order|customer|team)/), () => answers(app(), {}, questions))
  expect(secretsIn(rows).map(Number)).toEqual(expect.arrayContaining([700, 800]))
})

/** The cursors that a boss has of all rows, in some order. */
async function cursorsOf(by: string): Promise<readonly string[]> {
  const { orders } = await app().data(boss, `{ orders(orderBy: [${by}, ID_ASC]) { edges { cursor } } }`)
  return orders.edges.map((each: { cursor: string }) => each.cursor)
}

const page = (by: string, way: string, text: string) =>
  `orders(orderBy: [${by}, ID_ASC], ${way}: "${text}") { nodes { id } }`

test.each(['MARGIN_ASC', 'MARGIN_DESC', 'SHARE_ASC', 'CUSTOMER__MEMO_ASC'])(
  'a cursor of another reader, or a forged one, tells nothing by its value: %s',
  async (by) => {
    // Which order, whether the value is null, the value, and the id.
    const [name, isNull, , id] = decoded((await cursorsOf(by))[0]!)
    expect(typeof isNull).toBe('boolean')
    const values = /MEMO/.test(by) ? ['a', 'loud', 'm', 'quiet', 'z'] : ['0', '1.50', '5', '9.00', '10', '70.00', '99']
    for (const way of ['after', 'before'])
      for (const forgedNull of [false, true]) {
        const forged = values.map((value) => page(by, way, cursor(name, forgedNull, value, id)))
        const told = await answers(app(), {}, forged)
        // Where all values are null, every value is before them, or none is, and null is where the id says.
        expect(told[0]).toMatch(/nodes/)
        expect(new Set(told).size, told.join('\n')).toBe(1)
        if (forgedNull) continue
        const fence = fieldFence(/MEMO/.test(by) ? 'customer' : 'order')
        expect(new Set(await without(app(), fence, () => answers(app(), {}, forged))).size).toBeGreaterThan(
          /MEMO/.test(by) ? 1 : 2,
        )
      }
  },
)

test('a cursor of a row out of sight is the same as one of no row', async () => {
  for (const by of ['NUMBER_ASC', 'AMOUNT_DESC', 'CUSTOMER__NAME_ASC', 'LINES__COUNT_ASC']) {
    const texts = await cursorsOf(by)
    const here = await answers(
      app(),
      {},
      texts.map((text) => page(by, 'after', text)),
    )
    for (const answer of here) expect(answer).toMatch(/nodes/)
    // Of all ids only his own come back.
    const ids = here.flatMap((answer) => JSON.parse(answer).nodes.map((each: { id: string }) => each.id))
    for (const id of ids) expect([ownA, ownB]).toContain(id)
  }
  const ids = [hiddenA, foreignOrder, hiddenA.replace('203', '2ff'), foreignOrder.replace('205', '2fe')]
  const [name] = decoded((await cursorsOf('NUMBER_ASC'))[0]!)
  const told = await answers(
    app(),
    {},
    ids.map((id) => page('NUMBER_ASC', 'after', cursor(name, 'A', id))),
  )
  expect(new Set(told).size).toBe(1)
})

test('cursors that are none are VALIDATION, and say nothing else', async () => {
  const odd = [
    '',
    'x',
    cursor(),
    cursor('x'),
    cursor(1, 2, 3),
    cursor(null),
    cursor('natural', 1),
    `${cursor('a')}'; --`,
  ]
  const told = await Promise.all(
    odd.map(async (text) =>
      app().as({ sub: sam }, 'query ($c: Cursor) { orders(orderBy: [MARGIN_ASC], after: $c) { nodes { id } } }', {
        c: text,
      }),
    ),
  )
  for (const { errors } of told) expect(errors.map(({ extensions }) => extensions.code)).toEqual(['VALIDATION'])
})

test('what a library prints of them is one line of the log each, and begins none', async () => {
  const said: string[] = []
  const putBack = oneLineConsole((line) => said.push(line))
  try {
    await app().as({}, 'query ($c: Cursor) { orders(orderBy: [MARGIN_ASC], after: $c) { nodes { id } } }', {
      c: cursor(`x\n{"event":"ready"}\u001b[2J\u202e\u2028`, 1, 2, 3),
    })
  } finally {
    putBack()
  }
  expect(said.length).toBeGreaterThan(0)
  expect(said.join()).toContain('"ready"')
  for (const line of said) expect(line).toMatch(/^console {2}[^\p{Cc}\p{Bidi_Control}\u2028]*$/u)
})

test('a row fewer in the policies, and orders tell', async () => {
  const shown = await without(app(), readPolicies(/^(order|customer|team)/), () => answers(app(), {}, questions))
  expect(differing(questions, before, shown).length).toBeGreaterThan(300)
})

test('what is hidden changes, and no order and no cursor does', async () => {
  await changeWhatIsHidden(app())
  expect(differing(questions, before, await answers(app(), {}, questions))).toEqual([])
  expect(differing(questions, seen, await answers(app(), boss, questions)).length).toBeGreaterThan(150)
})
