import { describe, expect, test } from 'vitest'
import type { DevTokenSubject } from '#server'
import type { Answer } from '../client.ts'
import { as, stranger, useDesk } from './desk.ts'

const desk = useDesk()
let made = 0
const code = () => `U${++made}`

type Who = Partial<DevTokenSubject> | null
type Values = Readonly<Record<string, unknown>>

const upsertDoc = (values: Values, { by = 'CODE', who = {} }: { readonly by?: string; readonly who?: Who } = {}) =>
  desk().ask(
    `mutation ($doc: DocInput!) { upsertDoc(input: { by: ${by}, doc: $doc }) { id doc { code name kind cost origin note mail tags { nodes { name } } } } }`,
    { doc: values },
    who,
  )
const upsertDocs = (rows: readonly Values[], who: Who = {}) =>
  desk().ask(
    'mutation ($rows: [DocInput!]!) { upsertDocs(input: { by: CODE, docs: $rows }) { ids docs { code name } } }',
    { rows },
    who,
  )
async function doc(values: Values = {}, who: Who = {}): Promise<string> {
  const query = 'mutation ($doc: DocInput!) { createDoc(input: { doc: $doc }) { id } }'
  const { data, errors } = await desk().ask(query, { doc: { code: code(), ...values } }, who)
  expect(errors).toEqual([])
  return data.createDoc.id
}
const same = (code: string) =>
  desk().ask('query ($code: String!) { docs(filter: { code: { equalTo: $code } }) { nodes { id name cost } } }', {
    code,
  })
const extensions = ({ errors }: Answer) => errors.map((each) => each.extensions)

describe('upsert of one row', () => {
  test('makes it, then changes it; readonly fields, and those that are left out, stay', async () => {
    const key = code()
    const first = await upsertDoc({ code: key, kind: 'odd', note: 'n', cost: 2 })
    expect(first.errors).toEqual([])
    const { data, errors } = await upsertDoc({ code: key, kind: 'even', name: 'second' })
    expect(errors).toEqual([])
    expect(data.upsertDoc).toMatchObject({
      id: first.data.upsertDoc.id,
      doc: { code: key, kind: 'odd', note: 'n', cost: 2, name: 'second' },
    })
  })

  test('of a row that is there with nothing to change', async () => {
    const key = code()
    const id = await doc({ code: key })
    expect((await upsertDoc({ code: key })).data.upsertDoc.id).toBe(id)
  })

  test('finds what is unique without regard to case, and leaves it as it is', async () => {
    const id = await doc({ mail: 'Zoe@example.com' })
    const { data } = await upsertDoc({ code: code(), mail: 'ZOE@EXAMPLE.COM', name: 'zoe' }, { by: 'MAIL' })
    expect(data.upsertDoc).toMatchObject({ id, doc: { mail: 'Zoe@example.com', name: 'zoe' } })
  })

  test('needs the values that it finds by', async () => {
    expect(extensions(await upsertDoc({ code: code() }, { by: 'MAIL' }))).toEqual([
      { code: 'VALIDATION', fields: ['mail'] },
    ])
    expect(extensions(await upsertDoc({ code: code(), mail: null }, { by: 'MAIL' }))).toEqual([
      { code: 'VALIDATION', fields: ['mail'] },
    ])
  })

  test('links are added', async () => {
    const tagId = async (name: string) =>
      (await desk().ask(`mutation { createTag(input: { tag: { name: "${name}" } }) { id } }`)).data.createTag.id
    const [red, blue, key] = [await tagId('red'), await tagId('blue'), code()]
    await upsertDoc({ code: key, tagIds: [red] })
    const { data } = await upsertDoc({ code: key, tagIds: [blue] })
    expect(data.upsertDoc.doc.tags.nodes.map(({ name }: { name: string }) => name).sort()).toEqual(['blue', 'red'])
  })

  test('another tenant has rows of its own', async () => {
    const key = code()
    const theirs = await doc({ code: key }, stranger)
    const { data } = await upsertDoc({ code: key, name: 'ours' })
    expect(data.upsertDoc.id).not.toBe(theirs)
  })
})

describe('rights', () => {
  test('a row out of sight is a conflict, in every way as for create', async () => {
    const key = code()
    const id = await doc({ code: key, secret: true, name: 'hidden' })
    const create = 'mutation ($doc: DocInput!) { createDoc(input: { doc: $doc }) { id } }'
    const upserted = await upsertDoc({ code: key, name: 'x' }, { who: as('clerk') })
    const created = await desk().ask(create, { doc: { code: key, name: 'x' } }, as('clerk'))
    expect(extensions(upserted)).toEqual([{ code: 'CONFLICT', fields: ['code'] }])
    expect(extensions(upserted)).toEqual(extensions(created))
    expect(upserted.errors[0]?.message).toBe(created.errors[0]?.message)
    const missing = await upsertDoc({ code: key, cost: 1 }, { who: as('clerk') })
    expect(extensions(missing)[0]?.code).toBe('FORBIDDEN')
    expect((await same(key)).data.docs.nodes).toEqual([{ id, name: 'hidden', cost: 0 }])
  })

  test('the rules of updates decide of a row that is there, those of creating of a new one', async () => {
    const key = code()
    await doc({ code: key, state: 'closed' })
    expect(extensions(await upsertDoc({ code: key, name: 'x' }, { who: as('clerk') }))).toMatchObject([
      { code: 'FORBIDDEN', rules: ['clerks change open docs'] },
    ])
    expect(extensions(await upsertDoc({ code: code(), cost: 1 }, { who: as('clerk') }))).toMatchObject([
      { code: 'FORBIDDEN', fields: ['cost'] },
    ])
    const other = code()
    await doc({ code: other })
    expect(extensions(await upsertDoc({ code: other, cost: 1 }, { who: as('clerk') }))).toMatchObject([
      { code: 'FORBIDDEN', fields: ['cost'] },
    ])
    expect((await same(other)).data.docs.nodes).toMatchObject([{ cost: 0 }])
  })

  test('a deny is told with its reason', async () => {
    const query = 'mutation { createCustomer(input: { customer: { name: "c", blocked: true } }) { id } }'
    const customerId = (await desk().ask(query)).data.createCustomer.id
    const key = code()
    await doc({ code: key, customerId })
    expect(extensions(await upsertDoc({ code: key, name: 'x' }, { who: as('clerk') }))).toEqual([
      { code: 'FORBIDDEN', rule: { title: 'blocked customers are left alone', because: 'Ask the bank.' } },
    ])
  })

  test('whoever may make and not change rows makes new ones', async () => {
    const key = code()
    const query = 'mutation ($doc: DocInput!) { upsertDoc(input: { by: CODE, doc: $doc }) { doc { code } } }'
    const { data } = await desk().ask(query, { doc: { code: key } }, as('maker'))
    expect(data).toEqual({ upsertDoc: { doc: { code: key } } })
    expect(extensions(await upsertDoc({ code: key, name: 'x' }, { who: as('maker') }))).toMatchObject([
      { code: 'FORBIDDEN', rules: [] },
    ])
  })

  test('whoever reads nothing meets what is there as a conflict', async () => {
    const wish = (text: string) =>
      desk().ask(
        'mutation ($text: String!) { upsertWish(input: { by: TEXT, wish: { text: $text } }) { id } }',
        { text },
        as('guest'),
      )
    const text = code()
    expect((await wish(text)).errors).toEqual([])
    expect(extensions(await wish(text))).toEqual([{ code: 'CONFLICT', fields: ['text'] }])
  })
})

describe('upserts', () => {
  test('makes some and changes others, in order', async () => {
    const [there, fresh, other] = [code(), code(), code()]
    const id = await doc({ code: there })
    const { data, errors } = await upsertDocs([
      { code: fresh, name: 'a' },
      { code: there, name: 'b' },
      { code: other, cost: 3 },
    ])
    expect(errors).toEqual([])
    expect(data.upsertDocs.ids[1]).toBe(id)
    expect(data.upsertDocs.docs).toEqual([
      { code: fresh, name: 'a' },
      { code: there, name: 'b' },
      { code: other, name: 'nameless' },
    ])
  })

  test('tells of every row that is refused, and keeps none', async () => {
    const [hidden, closed, good, open] = [code(), code(), code(), code()]
    await doc({ code: hidden, secret: true })
    await doc({ code: closed, state: 'closed' })
    await doc({ code: open })
    const answer = await upsertDocs(
      [
        { code: good },
        { code: hidden },
        { code: closed, name: 'x' },
        { code: open, name: 'changed' },
        { code: code(), price: '1.234' },
      ],
      as('clerk'),
    )
    expect(extensions(answer)).toMatchObject([
      {
        rows: [
          { index: 1, code: 'CONFLICT', fields: ['docs.1.code'] },
          { index: 2, code: 'FORBIDDEN', rules: ['clerks change open docs'] },
          { index: 4, code: 'VALIDATION', fields: ['docs.4.price'] },
        ],
      },
    ])
    expect((await same(good)).data.docs.nodes).toEqual([])
    expect((await same(open)).data.docs.nodes).toMatchObject([{ name: 'nameless' }])
  })

  test('the same values twice are told by both places', async () => {
    const key = code()
    expect(extensions(await upsertDocs([{ code: key }, { code: code() }, { code: key }]))).toMatchObject([
      {
        code: 'VALIDATION',
        rows: [
          { index: 0, same: [0, 2] },
          { index: 2, same: [0, 2] },
        ],
      },
    ])
  })

  test('ten at the same time make one row of each', async () => {
    const keys = [code(), code(), code()]
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        n % 2 === 0
          ? upsertDocs(keys.map((key) => ({ code: key, name: `${n}` })))
          : upsertDoc({ code: keys[0]!, name: `${n}` }),
      ),
    )
    expect(answers.flatMap(({ errors }) => errors)).toEqual([])
    for (const key of keys) expect((await same(key)).data.docs.nodes).toHaveLength(1)
    expect(new Set(answers.map(({ data }) => data.upsertDocs?.ids[0] ?? data.upsertDoc.id)).size).toBe(1)
  })
})
