import { buildClientSchema, getIntrospectionQuery } from 'graphql'
import { beforeAll, expect, test } from 'vitest'
import { without } from '../../attack/side-doors/without.ts'
import type { AppServer } from '../../support/app-server.ts'
import { openFields, openRows } from './open.ts'
import { Surface } from './surface.ts'
import { valuesToGive } from './values.ts'
import { acme, changeWhatIsHidden, sam, seen, useWorlds } from './worlds.ts'

// Two states that differ in nothing but what a reader may not see: fields that are hidden from him, rows that are. Whatever he says, the answers are the same, byte by byte: rows,
// counts, orders, cursors, errors. What he says is all that the schema lets him say of hidden fields; nobody lists it.
const worlds = useWorlds()
const reader = { sub: sam, tenant: acme, roles: ['reader'] }

/** Names of hidden fields of any entity, and of what is computed of them. */
const names = [
  'quota',
  'cost',
  'price',
  'risk',
  'pin',
  'weight',
  'rent',
  'load',
  'margin',
  'memo',
  'grade',
  'due',
  'marks',
]
const more = ['stock', 'stay', 'spot', 'terms', 'broker', 'tone', 'profit', 'known']
const guarded = [...names, ...more]

let surface: Surface
let questions: readonly string[]
let before: readonly string[]
let after: readonly string[]

beforeAll(async () => {
  const { data } = await worlds().one.ask(reader, getIntrospectionQuery())
  surface = new Surface(buildClientSchema(data), new RegExp(guarded.join('|')), valuesToGive)
  questions = surface.questions()
  before = await answers(worlds().one, questions)
  await changeWhatIsHidden(worlds().one)
  after = await answers(worlds().one, questions)
})

/** Asks many questions, as many at once as a request may; texts of the answers, one for each. */
async function answers(world: AppServer, asked: readonly string[]): Promise<readonly string[]> {
  const told: string[] = []
  for (const some of requests(asked)) {
    const { data, errors } = await world.ask(
      reader,
      `{ ${some.map((question, n) => `a${n}: ${question}`).join('\n')} }`,
    )
    const whole = errors.filter(({ path }) => path === undefined)
    if (whole.length > 0) throw new Error(`${JSON.stringify(whole).slice(0, 600)} ${some[0]}`)
    for (const n of some.keys())
      told.push(JSON.stringify([data?.[`a${n}`], errors.filter(({ path }) => (path as string[])[0] === `a${n}`)]))
  }
  return told
}

function requests(asked: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = [[]]
  let size = 0
  for (const question of asked) {
    const fields = question.match(/\w+/g)!.length
    if (size > 0 && size + fields > 380) all.push([])
    size = all.at(-1)!.length === 0 ? fields : size + fields
    all.at(-1)!.push(question)
  }
  return all
}

function differing(asked: readonly string[], one: readonly string[], other: readonly string[]): readonly string[] {
  return asked.flatMap((question, n) =>
    one[n] === other[n] ? [] : [`${question.slice(0, 300)}\n  ${one[n]}\n  ${other[n]}`],
  )
}

test('what is hidden changes, and no answer does', () => {
  expect(questions.length).toBeGreaterThan(500)
  // Abilities say of which moment they are.
  const at = (text: string) => text.replace(/"at":"[^"]*"/, '')
  expect(differing(questions, before.map(at), after.map(at))).toEqual([])
})

test('no question is beyond us', () => {
  expect(before.filter((answer) => answer.includes('INTERNAL'))).toEqual([])
  // Whoever may read no row of a kind is told so; all others are answered.
  const refused = questions.filter((question, n) => before[n]!.startsWith('[null,[{') && !/siteReport/.test(question))
  expect(refused).toEqual([])
})

test('a field fewer in the faces, and answers tell it: each field, in each way that there is', async () => {
  const shown = await without(worlds().one, openFields, () => answers(worlds().one, questions))
  const told = questions.filter((_, n) => after[n] !== shown[n]).map(flat)
  const asked = questions.map(flat)
  for (const name of guarded)
    for (const way of [
      `filter:.*${name}`,
      `orderby:.*${name}`,
      `groupby:\\[${name}`,
      `having:.*${name}`,
      `{ [^(]*${name}`,
    ]) {
      const pattern = new RegExp(way)
      if (asked.some((each) => pattern.test(each)))
        expect([way, told.some((each) => pattern.test(each))]).toEqual([way, true])
    }
  expect(told.length).toBeGreaterThan(questions.length / 3)
})

/** As names are compared: in lower case, without what enums have between words. */
function flat(question: string): string {
  return question.replaceAll('_', '').toLowerCase()
}

test('a row fewer in the policies, and answers tell it', async () => {
  const some = questions.filter((_, n) => n % 4 === 0)
  const here = after.filter((_, n) => n % 4 === 0)
  const told = await without(worlds().one, openRows, async () =>
    differing(some, here, await answers(worlds().one, some)),
  )
  expect(told.length).toBeGreaterThan(some.length / 5)
})

test('nor does what a change answers, nor what there is afterwards', async () => {
  const { one, other } = worlds()
  const told = []
  for (const text of surface.changes()) {
    const [here, there] = await Promise.all([one, other].map((world) => world.ask(reader, `mutation { ${text} }`)))
    told.push({ text: text.slice(0, 300), here: plain(here!.text), there: plain(there!.text) })
  }
  expect(told.length).toBeGreaterThan(150)
  expect(told.filter(({ here, there }) => here !== there)).toEqual([])
  expect(told.filter(({ here }) => here.includes('INTERNAL'))).toEqual([])
  // Taken away and brought back, in both.
  const isOf = (verb: string) => (each: { text: string }) =>
    each.text.startsWith(`${verb}(`) && each.text.includes(seen.Deal[1])
  for (const verb of ['removeDeals', 'restoreDeal'])
    expect([verb, told.filter(isOf(verb)).map(({ here }) => here.includes('"errors"'))]).toEqual([verb, [false]])
  expect(told.filter(({ here }) => !here.includes('"errors"')).length).toBeGreaterThan(30)
  const lists = questions.filter((question) => !question.includes('('))
  const [here, there] = await Promise.all([one, other].map(async (world) => (await answers(world, lists)).map(plain)))
  expect(differing(lists, here!, there!)).toEqual([])
})

test('of a hidden row in the way it is told of what kind it is (SECURITY.md), by batches as by single changes', async () => {
  const { one, other } = worlds()
  const [, , id] = seen.Deal
  const single = `mutation { removeDeal(input: { id: "${id}" }) { id } }`
  const batch = `mutation { removeDeals(input: { ids: ["${id}"] }) { ids } }`
  const back = `mutation { restoreDeal(input: { id: "${id}" }) { id } }`
  // Nothing in the way.
  for (const text of [single, back, batch, back]) expect((await one.ask(reader, text)).errors).toEqual([])
  // The same row, with a hidden note.
  const [alone, among] = [(await other.ask(reader, single)).errors, (await other.ask(reader, batch)).errors]
  const message = 'The row and its "notes" do not fit together: one refers to the other.'
  const fact = { code: 'CONFLICT', fields: ['dealId'], list: 'notes' }
  expect(alone).toMatchObject([{ message, path: ['removeDeal'] }])
  expect(alone[0]!.extensions).toEqual(fact)
  expect(among).toMatchObject([{ message: `"ids.0": ${message}`, path: ['removeDeals'] }])
  const fields = ['ids.0.dealId']
  const rows = [{ index: 0, ...fact, message, fields }]
  expect(among[0]!.extensions).toEqual({ code: 'CONFLICT', fields, rows })
})

/** Without what differs between any two databases: moments, and ids that they gave to rows that were made here. */
function plain(text: string): string {
  return text
    .replaceAll(/"20(?!31)\d\d-\d\d-\d\dT[^"]*"/g, '"moment"')
    .replaceAll(/"0[^0][0-9a-f]{6}-[0-9a-f-]{27}"/g, '"fresh"')
    .replaceAll(/"(cursor|startCursor|endCursor|nodeId)":"[^"]*"/g, '"$1"')
}
