import { describe, expect, test } from 'vitest'
import { validSettings } from '#server'
import { localiser } from '../../../server/http/error-texts.ts'
import { post, useShopServer } from '../client.ts'
import { shopId } from '../shop.ts'

const messages = {
  de: {
    UNAUTHENTICATED: 'Bitte melden Sie sich an.',
    CONFLICT: ['{fields}: schon vergeben.', 'Das passt nicht zu anderen Daten.'],
    VALIDATION: '{message} (Eingabe)',
    STALE: 'Inzwischen geändert: $& {fields}',
    INTERNAL: 'Unser Fehler {id}.',
    LIMIT: ['Höchstens {most} ({limit}).', 'Zu viel.'],
  },
  'pt-BR': { STALE: 'Mudou entretanto.' },
} as const

const shop = useShopServer({ messages })

async function ask(query: string, language?: string, token?: string) {
  const headers = { authorization: `Bearer ${token ?? (await shop().token())}` }
  return await post(
    shop().server.url,
    { query },
    { ...headers, ...(language === undefined ? {} : { 'accept-language': language }) },
  )
}

const stale = () =>
  `mutation { updateOrder(input: { id: "${shopId('order', 'a', 2)}", ifUpdatedAt: "2001-01-01T00:00:00Z", patch: { urgent: true } }) { id } }`

describe('the language of errors', () => {
  test.each([
    ['de', 'Inzwischen geändert: $& ifUpdatedAt'],
    ['de-AT,de;q=0.9,en;q=0.8', 'Inzwischen geändert: $& ifUpdatedAt'],
    ['fr, DE;q=0.5', 'Inzwischen geändert: $& ifUpdatedAt'],
    ['de;q=0.1, pt-br;q=0.9', 'Mudou entretanto.'],
    ['en, de;q=0.9', 'The row was changed since it was read.'],
    ['en-GB, de;q=0.9', 'The row was changed since it was read.'],
    ['de;q=0', 'The row was changed since it was read.'],
    ['*', 'The row was changed since it was read.'],
    ['__proto__, constructor', 'The row was changed since it was read.'],
    [undefined, 'The row was changed since it was read.'],
  ])('is that of the caller: %s', async (language, message) => {
    const { errors } = await ask(stale(), language)
    expect(errors).toMatchObject([
      { message, path: ['updateOrder'], extensions: { code: 'STALE', fields: ['ifUpdatedAt'] } },
    ])
  })

  test('is that of limits too, also of those before GraphQL', async () => {
    const deep = await ask(`{ ${'orders { nodes { customer { '.repeat(7)}id${'} } }'.repeat(7)} }`, 'de')
    expect(deep.errors).toMatchObject([{ message: 'Höchstens 20 (maxDepth).', extensions: { code: 'LIMIT' } }])
    const long = await ask(`# ${'x'.repeat(300_000)}`, 'de')
    expect(long.errors).toMatchObject([{ message: 'Höchstens 262144 (maxBodyBytes).', extensions: { code: 'LIMIT' } }])
  })

  test('changes the text and nothing else of the answer', async () => {
    for (const query of [
      '{ nothing }',
      '{ orders(',
      stale(),
      'mutation { a: __typename',
      '{ orders(first: 5000) { nodes { id } } }',
    ]) {
      const [english, german] = [await ask(query), await ask(query, 'de')]
      const bare = (text: string) => JSON.parse(text, (key, value) => (key === 'message' ? undefined : value))
      expect(bare(german.text)).toEqual(bare(english.text))
      expect(german.status).toBe(english.status)
    }
  })

  test('reaches what is said before GraphQL is asked', async () => {
    const { errors, status } = await ask('{ __typename }', 'de', 'no-token')
    expect(status).toBe(401)
    expect(errors).toMatchObject([{ message: 'Bitte melden Sie sich an.', extensions: { code: 'UNAUTHENTICATED' } }])
  })

  test('reaches what cannot be parsed', async () => {
    const { errors } = await ask('{ nothing }', 'de')
    expect(errors[0]?.message).toMatch(/^Cannot query field "nothing".* \(Eingabe\)$/)
  })
})

describe('a text', () => {
  const of = (error: { code: string; message: string; extensions: Record<string, unknown> }) =>
    localiser(messages, 'de')!(error).message

  test('is the first whose placeholders are known', () => {
    expect(of({ code: 'CONFLICT', message: 'x', extensions: { fields: ['sku', 'name'] } })).toBe(
      'sku, name: schon vergeben.',
    )
    expect(of({ code: 'CONFLICT', message: 'x', extensions: { fields: [] } })).toBe('Das passt nicht zu anderen Daten.')
    expect(of({ code: 'INTERNAL', message: 'x', extensions: {} })).toBe('x')
    expect(of({ code: 'TIMEOUT', message: 'x', extensions: {} })).toBe('x')
    expect(of({ code: 'toString', message: 'x', extensions: {} })).toBe('x')
  })

  test("leaves an author's words alone", () => {
    const rule = { title: 'sealed', because: 'X is sealed.' }
    expect(of({ code: 'VALIDATION', message: 'X is sealed.', extensions: { rule } })).toBe('X is sealed.')
    expect(
      of({ code: 'CONFLICT', message: 'One at a time', extensions: { rule: 'One at a time', fields: ['room'] } }),
    ).toBe('One at a time')
    const rest = { code: 'VALIDATION', message: 'This breaks a rule: late.', extensions: { rule: 'late' } }
    expect(of(rest)).toBe('This breaks a rule: late. (Eingabe)')
  })

  test('is given to each row of a batch', () => {
    const rows = [
      { index: 1, code: 'CONFLICT', message: 'Taken.', fields: ['orders.1.sku'] },
      { index: 4, code: 'STALE', message: 'The row was changed.', fields: ['orders.4.ifUpdatedAt'] },
    ]
    const told = localiser(messages, 'de')!({
      code: 'CONFLICT',
      message: '2 rows are refused. "orders.1": Taken.',
      extensions: { code: 'CONFLICT', rows },
    })
    expect(told).toEqual({
      message: '"orders.1": orders.1.sku: schon vergeben.',
      extensions: {
        code: 'CONFLICT',
        rows: [
          { ...rows[0], message: 'orders.1.sku: schon vergeben.' },
          { ...rows[1], message: 'Inzwischen geändert: $& orders.4.ifUpdatedAt' },
        ],
      },
    })
  })
})

describe('messages of a config', () => {
  const read = (given: object) =>
    validSettings({ messages: given } as never, { folder: '/nowhere', purpose: 'check', environment: {} }).messages

  test('are read by canonical locale', () => {
    expect(read({ 'DE-at': { STALE: 'x' } })).toEqual({ 'de-AT': { STALE: 'x' } })
  })

  test.each([
    [{ 'no locale!': {} }, /messages\.no locale! is no locale/],
    [{ de: { OOPS: 'x' } }, /messages\.de\.OOPS is no code/],
    [{ de: { STALE: 7 } }, /messages\.de\.STALE is no text/],
    [{ de: { STALE: [] } }, /messages\.de\.STALE is no text/],
    [{ de: { STALE: 'x {field}' } }, /placeholder \{field\}/],
  ])('that nobody would read are refused: %j', (given, problem) => {
    expect(() => read(given)).toThrow(problem)
  })
})
