import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadModel, modelJson } from '#policies'
import { withOrderPolicy } from '../policies/verify/small-app.ts'
import { type AppFiles, printed, reportOf } from './written-app.ts'

const library = join(import.meta.dirname, '../fixtures/apps/library')

test('the model of an app with every kind of field and relation', async () => {
  const { model } = await loadModel(library)
  await expect(modelJson(model)).toMatchFileSnapshot('../golden/model/library.json')
})

test('two loads give the same bytes', async () => {
  const [first, second] = [await loadModel(library), await loadModel(library, { fresh: true })]
  expect(modelJson(second.model)).toBe(modelJson(first.model))
  expect(second.hash).toBe(first.hash)
})

/** What authors get wrong most, in one app. */
function mistakenApp(): AppFiles {
  const app = withOrderPolicy(`
const ours = condition(Customer, { organization: actor.managed, regoin: actor.region })

export const OrderPolicy = policy(Order, {
  'sales sees the orders of its own customers': { allow: 'slaes', to: 'read', where: { customer: ours } },
  'sales approves': { allow: 'sales', to: 'aprove', where: { status: 'darft' } },
  'no sales at night': { deny: 'sales', to: 'place' },
  'drafts are edited': { allow: 'sales', to: 'update', wher: { status: 'draft' }, except: ['customerId'] },
  'late orders': { allow: 'admin', to: 'read', where: { wantedOn: { atMost: null }, weight: { over: 1.5 } } },
  'in euros': { allow: 'admin', to: 'read', where: { total: { under: eur('10') } } },
  'sometimes': { allow: 'admin', to: 'remove', where: Math.random() > 0.5 ? { number: 'x' } : { number: 'y' } },
  'margin': { allow: 'sales', to: 'read', only: ['total'] },
  'by others': { allow: 'sales', to: 'read', where: { customer: { orders: { number: 'x' } } } },
})
`)
  const schema = app['schema/all.entity.ts']!
  return {
    ...app,
    'schema/all.entity.ts': schema
      .replace("one('Organization'), orders", "one('Organisation'), orders")
      .replace('rank: int({', 'rank: int({ mn: 1,'),
    'schema/invoice.entity.ts': `import { entity, int, one, string } from 'rowhouse/schema'

export const Invoice = entity('Invoice', {
  fields: { order_id: int(), number: string({ max: 3, default: 'draft' }) },
  relations: { order: one('Order', { onDelete: 'setNull' }) },
  lifecycle: { initial: 'open', states: ['open', 'paid', 'lost'], transitions: { pay: { from: 'open', to: 'paid' } } },
})
`,
  }
}

test('what authors see', async () => {
  const app = mistakenApp()
  await expect(printed(app, await reportOf(app))).toMatchFileSnapshot('../golden/model/problems.txt')
})

test('what authors see of files that cannot be read', async () => {
  const app = {
    ...withOrderPolicy(''),
    'policies/order.policy.ts': "import { policy } from 'rowhouse/policies'\nexport const P = policy(Order, {",
  }
  await expect(printed(app, await reportOf(app))).toMatchFileSnapshot('../golden/model/syntax.txt')
})
