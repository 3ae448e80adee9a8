import { expect, test } from 'vitest'
import { entitiesOnly } from '../schema/written-app.ts'
import { globex, useWrittenServer } from './written-server.ts'

const app = useWrittenServer(
  entitiesOnly(`import { choice, date, email, entity, eur, money, one, phone, row, string } from 'rowhouse/schema'
export const Order = entity('Order', {
  fields: {
    number: string(), wantedOn: date({ optional: true }), promisedOn: date({ optional: true }),
    kind: choice(['normal', 'rush'], { default: 'normal' }), fee: money({ currency: 'EUR', default: '0' }),
    email: email({ optional: true }), phone: phone({ optional: true }),
    street: string({ optional: true }), city: string({ optional: true }),
  },
  relations: { before: one('Order', { optional: true }) },
  rules: {
    'promised no earlier than wanted': { promisedOn: { atLeast: row('wantedOn') } },
    "rush isn't free": { anyOf: [{ kind: { isNot: 'rush' } }, { fee: { over: eur('0') } }] },
    'one way to reach us': { exactlyOne: ['email', 'phone'] },
    'an address is whole': { together: ['street', 'city'] },
    'a promise or an order before': { atLeastOne: ['promisedOn', 'before'] },
  },
})`),
)

const create = 'mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id } }'
const sound = { number: '1', phone: '+49 1', promisedOn: '2026-03-02' }

test('what breaks a rule is refused with its title and the fields that it mentions', async () => {
  const { errors } = await app().ask(create, { order: { ...sound, wantedOn: '2026-03-03' } })
  expect(errors[0]!.message).toBe('This breaks a rule: promised no earlier than wanted.')
  expect(errors[0]!.extensions).toEqual({
    code: 'VALIDATION',
    rule: 'promised no earlier than wanted',
    fields: ['promisedOn', 'wantedOn'],
  })
})

const broken: readonly (readonly [title: string, values: object, fields: readonly string[]])[] = [
  ["rush isn't free", { kind: 'rush' }, ['kind', 'fee']],
  ['one way to reach us', { email: 'a@b.cd' }, ['email', 'phone']],
  ['one way to reach us', { phone: null }, ['email', 'phone']],
  ['an address is whole', { street: 'Main' }, ['street', 'city']],
  ['a promise or an order before', { promisedOn: null }, ['promisedOn', 'beforeId']],
]

test.each(broken)('%s', async (title, values, fields) => {
  const { errors } = await app().ask(create, { order: { ...sound, ...values } })
  expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'VALIDATION', rule: title, fields }])
})

test('a comparison with a missing value breaks nothing, and what fits passes, updates too', async () => {
  const { data, errors } = await app().ask(create, { order: { ...sound, kind: 'rush', fee: '0.01' } })
  expect(errors).toEqual([])
  const update = 'mutation ($id: UUID!, $patch: OrderPatch!) { updateOrder(input: { id: $id, patch: $patch }) { id } }'
  const change = async (patch: object) => (await app().ask(update, { id: data.createOrder.id, patch })).errors
  expect(await change({ wantedOn: '2026-03-02' })).toEqual([])
  expect(await change({ street: 'Main', city: 'Rome', phone: null, email: 'a@b.cd' })).toEqual([])
  expect((await change({ wantedOn: '2026-03-04' }))[0]!.extensions.rule).toBe('promised no earlier than wanted')
})

test('a rule tells nothing about rows that the caller may not change', async () => {
  const { data } = await app().ask(create, { order: sound })
  const update = 'mutation ($id: UUID!) { updateOrder(input: { id: $id, patch: { kind: rush } }) { id } }'
  const { errors } = await app().ask(update, { id: data.createOrder.id }, { tenant: globex })
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND'])
})

test('the title is the comment of the check', async () => {
  const { rows } = await app().database.migrator.query(
    `select obj_description(oid, 'pg_constraint') as title from pg_constraint where conname like 'order_rule_%' order by 1`,
  )
  expect(rows.map(({ title }) => title)).toEqual([
    'a promise or an order before',
    'an address is whole',
    'one way to reach us',
    'promised no earlier than wanted',
    "rush isn't free",
  ])
})
