import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { buildCatalog, type CatalogObject, explainer, nameOfObject, objectsOf } from '#migrations'
import { type LoadedModel, loadModel } from '#policies'
import { root } from '../../cli/support/run-rowhouse.ts'
import { shop } from '../catalog/shop.ts'
import { partAt } from './part-at.ts'

const fixtures = readdirSync(join(root, 'test/fixtures/apps')).map((name) => join(root, 'test/fixtures/apps', name))
const apps = await Promise.all([join(root, 'examples/invoicing'), ...fixtures].map((folder) => loadModel(folder)))
const models = [shop, ...apps.map(({ model }) => model)]

test.each(models.map((model) => [model.app, model] as const))(
  'every object of "%s" has a reason that names an existing part',
  (_, model) => {
    const catalog = buildCatalog(model)
    const explain = explainer(model, catalog)
    for (const object of objectsOf(catalog)) {
      const name = nameOfObject(object)
      const { sentences, paths } = explain(object)
      expect(sentences.length, name).toBeGreaterThan(0)
      for (const sentence of sentences) {
        expect(sentence, name).toMatch(/[.!?"]$/)
        expect(sentence, name).not.toMatch(/undefined|\[object|\bnull\b(?! while)| {2}| ,|^$/)
      }
      expect(paths.length, name).toBeGreaterThan(0)
      for (const path of paths) expect(partAt(model, path), `${name}: ${path.join('.')}`).toBeDefined()
      // Only the platform's own roles are nobody's wish.
      const isPlatform = object.kind === 'role' && !/^:(ROLE|NOT|BOTH)_/.test(object.role.name)
      expect(
        paths.some((path) => path.length === 0),
        name,
      ).toBe(isPlatform)
    }
  },
)

describe('the example', () => {
  const app = apps.find(({ model }) => model.app === 'invoicing')!
  const catalog = buildCatalog(app.model)
  const explain = explainer(app.model, catalog)
  const objects = new Map(objectsOf(catalog).map((object) => [nameOfObject(object), object]))

  test.each([
    [
      'order_customer_fkey',
      '"order_customer_fkey" keeps customer of Order pointing at a Customer of the same tenant; deleting the Customer is refused meanwhile.',
      "customer: one('Customer')",
    ],
    ['order.margin', '"margin" holds margin of Order; may be empty.', "margin: money({ in: 'currency'"],
    [
      'order_number_key',
      '"order_number_key" lets no two live rows of Order of a tenant have the same number.',
      'number: string({ unique',
    ],
    [
      'order_status_wanted_on_idx',
      'serves lists of Order by status, then wantedOn, last first.',
      "{ on: ['status', '-wantedOn'] }",
    ],
    [
      'order_customer_idx',
      'finds the rows of Order by customer in order of id, also when a Customer is deleted.',
      "customer: one('Customer')",
    ],
    ['order_number_check', 'keeps number of Order what it is: text, at most 20 characters.', 'number: string('],
    ['order_status_check', 'keeps status of Order what it is: one of "draft", "quoted", "placed"', 'lifecycle: {'],
    ['order.status', '"status" holds the state of each Order; never empty', 'lifecycle: {'],
    ['guard_order', 'Trigger "rowhouse_2_guard" runs it.', "'admins do anything'"],
    ['reach_managed', 'Rules compare with it as actor.managed.', "managed: reach('Organization'"],
    [':ROLE_SALES', 'Requests of callers with the role sales hold it.', 'sales:'],
    ['order.select.:ROLE_LEAD', 'lets lead read rows of Order', "'leads see the orders of their region'"],
    ['order', '"order" holds the rows of Order; each belongs to one tenant.', "entity('Order'"],
  ])('%s is told with its place', (name, sentence, code) => {
    const object = objects.get(name)!
    const { sentences, paths } = explain(object)
    expect(sentences.join(' ')).toContain(sentence)
    expect(lineOf(app, paths[0]!)).toContain(code)
  })

  test('every policy of a rule is told with its title, at its rule', () => {
    const ofRules = [...objects.values()].filter(isRulePolicy)
    expect(ofRules.length).toBeGreaterThan(50)
    for (const object of ofRules) {
      const { sentences, paths } = explain(object)
      expect(sentences[0]).toContain(`"${object.policy.comment}"`)
      expect(lineOf(app, paths[0]!)).toContain(object.policy.comment)
    }
  })

  test('no two objects of a table are told alike', () => {
    for (const table of catalog.tables) {
      const said = [...objects.values()].flatMap((object) =>
        'table' in object && object.table === table ? explain(object).sentences[0]! : [],
      )
      expect(said.filter((sentence, at) => said.indexOf(sentence) !== at)).toEqual([])
    }
  })
})

function isRulePolicy(object: CatalogObject): object is Extract<CatalogObject, { kind: 'policy' }> {
  return object.kind === 'policy' && /^[rd]_/.test(object.policy.name)
}

function lineOf({ locate, sourceOf }: LoadedModel, path: readonly (string | number)[]): string {
  const span = locate(path, 'key')!
  return sourceOf(span.file)!.split('\n')[span.line - 1]!
}
