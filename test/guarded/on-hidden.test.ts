import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServedApp, serveApp } from '../support/served-app.ts'
import { acme, dealA, dealS, sam, useMargins } from './margins.ts'

const app = useMargins()
let strict: ServedApp
beforeAll(async () => {
  const { model, database } = app().server
  const policies = model.policies.map((each) =>
    each.entity === 'Deal' ? { ...each, onHidden: 'error' as const } : each,
  )
  strict = await serveApp({ ...model, policies }, database)
})
afterAll(async () => await strict.close())

const ask = (roles: readonly string[], query: string) => strict.ask({ sub: sam, tenant: acme, roles }, query)

test.each([
  ['margin', 'margin'],
  ['profit', 'profit'],
  ['referrerId', 'referrerId'],
  ['terms { days }', 'terms'],
  ['bonus', 'bonus'],
])('%s is an error of its own where it is hidden, and the rest is there', async (field, name) => {
  const { data, errors } = await ask(['clerk'], `{ deal(id: "${dealA}") { number ${field} } }`)
  expect(data.deal).toEqual({ number: 'A', [name]: null })
  expect(errors).toMatchObject([
    {
      message: `You may not see "${name}" of this row.`,
      path: ['deal', name],
      extensions: { code: 'FORBIDDEN', fields: [name] },
    },
  ])
})

test('those who see it see it, and what is missing is null', async () => {
  const { data, errors } = await ask(['sales'], `{ deal(id: "${dealS}") { margin profit bonus terms { days } } }`)
  expect(errors).toEqual([])
  expect(data.deal).toEqual({ margin: '10.00', profit: '20.00', bonus: 5, terms: { days: 30 } })
  const referrals = await ask(['referrals'], `{ deal(id: "${dealS}") { referrerId referrer { name } } }`)
  expect(referrals).toMatchObject({ errors: [], data: { deal: { referrerId: null, referrer: null } } })
})

test('in a list each row answers for itself', async () => {
  const { data, errors } = await ask(['sales'], '{ deals(orderBy: [NUMBER_ASC]) { nodes { number margin } } }')
  expect(data.deals.nodes.map(({ margin }: { margin: unknown }) => margin)).toEqual([null, null, null, '10.00'])
  expect(errors.map(({ path }) => path)).toEqual([0, 1, 2].map((at) => ['deals', 'nodes', at, 'margin']))
})

test('what says so is no field of anybody', async () => {
  const { data } = await ask(['manager'], '{ __type(name: "Deal") { fields { name } } }')
  const names = data.__type.fields.map(({ name }: { name: string }) => name)
  expect(names.filter((name: string) => name.startsWith('shown'))).toEqual([])
})
