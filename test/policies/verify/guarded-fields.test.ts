import { expect, test } from 'vitest'
import { modelOf, problemsOf } from '../../schema/written-app.ts'

/** An app with one tenant-owned entity and what refers to it. */
function app(given: {
  readonly deal?: string
  readonly more?: string
  readonly rules: string
  readonly options?: string
}) {
  const { deal = '', more = '', rules, options = '' } = given
  return {
    'schema/all.entity.ts': `import { defaults, embed, entity, formulas, int, many, one, string, times } from 'rowhouse/schema'
export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Deal = entity('Deal', {
  fields: { number: string(), price: int({ optional: true }), margin: int({ optional: true }), bonus: int({ optional: true }), note: string({ optional: true }),
    terms: embed({ days: int(), place: string() }) },
  relations: { seller: one('User', { optional: true }), lines: many('Item', { by: 'deal' }) },
  ${deal}
})
${more === '' ? "export const Item = entity('Item', { fields: { text: string() }, relations: { deal: one('Deal') } })" : more}
`,
    'policies/all.ts': `
import { Deal, Item, User } from '../schema/all.entity.ts'
export const roles = defineRoles({ sales: 'Sells.', manager: { note: 'Leads.', includes: ['sales'] }, clerk: 'Counts.', boss: 'Owns.' })
export const actor = defineActor(User, {})
export const UserPolicy = policy(User, { 'all': { allow: 'sales', to: anything } })
export const ItemPolicy = policy(Item, { 'all': { allow: 'sales', to: anything } })
export const DealPolicy = policy(Deal, {
  'all': { allow: 'sales', to: ['read', 'create', 'update'] },
  ${rules}
}${options})
`,
  }
}

const margin = `'margin': { reserve: ['margin'], to: ['read', 'update'], for: 'manager' },`
const codes = async (given: Parameters<typeof app>[0]) => (await problemsOf(app(given))).map(([code]) => code)

test('rules that hide fields are a model', async () => {
  const model = await modelOf(
    app({
      rules: `${margin} 'less': { allow: 'clerk', to: 'read', except: ['bonus'] }, 'own': { reserve: ['margin'], to: 'read', for: 'clerk', where: { seller: actor.id }, because: 'Yours.' },`,
      options: `, { onHidden: 'error' }`,
    }),
  )
  const policy = model.policies.find(({ entity }) => entity === 'Deal')!
  expect(policy.onHidden).toBe('error')
  expect(
    policy.rules.map(({ effect, audience, verbs, fields, because }) => [effect, audience, verbs, fields, because]),
  ).toEqual([
    ['allow', { kind: 'roles', roles: ['sales'] }, ['read', 'create', 'update'], null, null],
    ['reserve', { kind: 'roles', roles: ['manager'] }, ['read', 'update'], ['margin'], null],
    [
      'allow',
      { kind: 'roles', roles: ['clerk'] },
      ['read'],
      ['number', 'price', 'margin', 'note', 'terms.days', 'terms.place', 'seller'],
      null,
    ],
    ['reserve', { kind: 'roles', roles: ['clerk'] }, ['read'], ['margin'], 'Yours.'],
  ])
})

const told: readonly (readonly [title: string, given: Parameters<typeof app>[0], code: string])[] = [
  [
    'a formula of another entity',
    {
      rules: margin,
      more: `export const Item = entity('Item', { fields: { text: string() }, relations: { deal: one('Deal') }, computed: { part: int({ optional: true }) } })
export const ItemFormulas = formulas(Item, { part: (l) => l.deal.margin })`,
    },
    'GUARDED_FIELD_TOLD',
  ],
  [
    'a way over a hidden relation',
    {
      rules: `'seller': { reserve: ['seller'], to: 'read', for: 'manager' },`,
      more: `export const Item = entity('Item', { fields: { text: string() }, relations: { deal: one('Deal') }, computed: { by: string({ optional: true }) } })
export const ItemFormulas = formulas(Item, { by: (l) => l.deal.seller.name })`,
    },
    'GUARDED_FIELD_TOLD',
  ],
  [
    'a default of it',
    {
      rules: margin,
      more: `export const Item = entity('Item', { fields: { text: string() }, relations: { deal: one('Deal') } })
export const DealDefaults = defaults(Deal, { price: (d) => times(d.margin, 2) })`,
    },
    'GUARDED_FIELD_TOLD',
  ],
  [
    'a copied value',
    {
      rules: margin,
      more: `export const Item = entity('Item', { fields: { text: string(), cost: int({ optional: true, from: 'deal.margin' }) }, relations: { deal: one('Deal') } })`,
    },
    'GUARDED_FIELD_TOLD',
  ],
  [
    'parts with readers of their own',
    { rules: `'days': { reserve: ['terms.days'], to: 'read', for: 'manager' },` },
    'GUARDED_FIELD_SPLIT',
  ],
  [
    'too many circles',
    {
      rules: `'a': { reserve: ['margin'], to: 'read', for: 'manager' }, 'b': { reserve: ['bonus'], to: 'read', for: 'clerk' },
  'c': { reserve: ['note'], to: 'read', for: 'boss' }, 'd': { reserve: ['price'], to: 'read', for: ['boss', 'clerk'] },`,
    },
    'GUARDED_FIELDS_TOO_MANY',
  ],
  ['ids that Postgres counts', { rules: margin, deal: `id: 'int64',` }, 'RULE_READ_FIELDS_UNSUPPORTED'],
  [
    'the key',
    {
      rules: `'k': { reserve: ['number'], to: 'read', for: 'manager' },`,
      deal: `key: 'number',`,
      more: `export const Item = entity('Item', { fields: { text: string() } })`,
    },
    'RULE_RESERVE_INVALID',
  ],
  ['an unknown option', { rules: margin, options: `, { onHiden: 'error' }` }, 'OPTION_INVALID'],
  ['another answer', { rules: margin, options: `, { onHidden: 'nothing' }` }, 'OPTION_INVALID'],
]

test.each(told)('%s', async (_, given, code) => {
  expect(await codes(given)).toContain(code)
})

test('a formula of the row itself is hidden with what it reads', async () => {
  const given = {
    rules: margin,
    deal: `computed: { twice: int({ optional: true }) },`,
    more: `export const DealFormulas = formulas(Deal, { twice: (d) => times(d.margin, 2) })
export const Item = entity('Item', { fields: { text: string() }, relations: { deal: one('Deal') } })`,
  }
  expect(await codes(given)).toEqual([])
})
