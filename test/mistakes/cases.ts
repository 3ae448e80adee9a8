/** A mistake that authors make: one edit of the example app. */
export interface Mistake {
  /** Name of its golden file: what the author did. */
  readonly name: string
  /** File of the example, with the words before and after the edit. */
  readonly edit: readonly [file: string, before: string, after: string]
}

/** Typical mistakes, in the order in which a newcomer meets them. */
export const mistakes: readonly Mistake[] = [
  {
    name: 'misspelt-entity',
    edit: ['schema/order.entity.ts', "one('Customer')", "one('Custmer')"],
  },
  {
    name: 'way-back-misspelt',
    edit: ['schema/customer.entity.ts', "many('Order', { by: 'customer' })", "many('Order', { by: 'custmer' })"],
  },
  {
    name: 'option-misspelt',
    edit: ['schema/product.entity.ts', 'unique: true', 'uniqe: true'],
  },
  {
    name: 'option-of-another-type',
    edit: ['schema/contact.entity.ts', 'optional: true', "optional: 'yes'"],
  },
  {
    name: 'foreign-key-instead-of-relation',
    edit: ['schema/contact.entity.ts', "[['customer', 'email']]", "[['customerId', 'email']]"],
  },
  {
    name: 'name-taken',
    edit: ['schema/customer.entity.ts', "since: date({ default: 'today' })", "createdAt: date({ default: 'today' })"],
  },
  {
    name: 'two-names-one-column',
    edit: ['schema/customer.entity.ts', 'website: url(', 'credit_limit: url('],
  },
  {
    name: 'limits-crossed',
    edit: [
      'schema/customer.entity.ts',
      "in: 'days', default: 30, min: 0, max: 120",
      "in: 'days', default: 30, min: 120, max: 0",
    ],
  },
  {
    name: 'default-breaks-its-own-check',
    edit: [
      'schema/customer.entity.ts',
      "in: 'days', default: 30, min: 0, max: 120",
      "in: 'days', default: 300, min: 0, max: 120",
    ],
  },
  {
    name: 'currency-misspelt',
    edit: ['schema/order.entity.ts', "margin: money({ in: 'currency'", "margin: money({ in: 'curency'"],
  },
  {
    name: 'state-misspelt',
    edit: [
      'schema/order.entity.ts',
      "approve: { from: 'placed', to: 'approved' }",
      "approve: { from: 'placed', to: 'aproved' }",
    ],
  },
  {
    name: 'state-never-reached',
    edit: ['schema/order.entity.ts', '      shipped: {},', '      shipped: {},\n      returned: {},'],
  },
  {
    name: 'required-in-a-circle',
    edit: [
      'schema/customer.entity.ts',
      "contacts: many('Contact', { by: 'customer' }),",
      "contacts: many('Contact', { by: 'customer' }),\n    mainContact: one('Contact'),",
    ],
  },
  {
    name: 'entity-without-policy',
    edit: ['policies/product.policy.ts', 'export const ProductPolicy', 'const ProductPolicy'],
  },
  {
    name: 'role-misspelt',
    edit: ['policies/product.policy.ts', "allow: 'admin'", "allow: 'amdin'"],
  },
  {
    name: 'verb-misspelt',
    edit: ['policies/order.policy.ts', "to: 'approve'", "to: 'aprove'"],
  },
  {
    name: 'field-misspelt-in-a-rule',
    edit: [
      'policies/order.policy.ts',
      "where: { status: { notIn: ['draft', 'quoted', 'cancelled'] } }",
      "where: { statuss: { notIn: ['draft', 'quoted', 'cancelled'] } }",
    ],
  },
  {
    name: 'value-that-is-none',
    edit: [
      'policies/order.policy.ts',
      "{ notIn: ['draft', 'quoted', 'cancelled'] }",
      "{ notIn: ['draft', 'quoted', 'canceled'] }",
    ],
  },
  {
    name: 'and-in-a-rule',
    edit: ['policies/product.policy.ts', "to: 'read'", "to: 'read', where: { active: true } && { stock: { over: 0 } }"],
  },
  {
    name: 'ternary-in-a-rule',
    edit: [
      'policies/product.policy.ts',
      "to: 'read'",
      "to: 'read', where: { active: process.env.SHOP_OPEN ? true : false }",
    ],
  },
  {
    name: 'date-of-today-in-a-rule',
    edit: [
      'policies/order.policy.ts',
      "where: { status: { notIn: ['draft', 'quoted', 'cancelled'] } }",
      'where: { wantedOn: { after: new Date().toISOString().slice(0, 10) } }',
    ],
  },
  {
    name: 'many-without-a-word',
    edit: [
      'policies/order.policy.ts',
      "where: { status: { notIn: ['draft', 'quoted', 'cancelled'] } }",
      'where: { lines: { quantity: 1 } }',
    ],
  },
  {
    name: 'word-about-many-misspelt',
    edit: [
      'policies/order.policy.ts',
      "where: { status: { notIn: ['draft', 'quoted', 'cancelled'] } }",
      'where: { lines: { som: { quantity: 1 } } }',
    ],
  },
  {
    name: 'word-about-many-on-one',
    edit: [
      'policies/order.policy.ts',
      "where: { status: { notIn: ['draft', 'quoted', 'cancelled'] } }",
      "where: { customer: { some: { name: 'x' } } }",
    ],
  },
  {
    name: 'fact-misspelt',
    edit: [
      'policies/order.policy.ts',
      "where: { status: { notIn: ['draft', 'quoted', 'cancelled'] } }",
      'where: { request: { hours: { under: 18 } } }',
    ],
  },
  {
    name: 'network-that-is-none',
    edit: [
      'policies/order.policy.ts',
      "where: { status: { notIn: ['draft', 'quoted', 'cancelled'] } }",
      "where: { request: { ip: { inside: '10.0.0.1/8' } } }",
    ],
  },
  {
    name: 'no-such-hour',
    edit: [
      'policies/order.policy.ts',
      "where: { status: { notIn: ['draft', 'quoted', 'cancelled'] } }",
      'where: { request: { hour: { under: 24 } } }',
    ],
  },
  {
    name: 'condition-that-says-nothing',
    edit: ['policies/product.policy.ts', "to: 'read'", "to: 'read', where: {}"],
  },
  {
    name: 'deny-to-a-role',
    edit: ['policies/order.policy.ts', 'deny: signedIn', "deny: 'sales'"],
  },
  {
    name: 'becoming-where-nothing-becomes',
    edit: ['policies/product.policy.ts', "to: 'read'", "to: 'read', becoming: { active: true }"],
  },
  {
    name: 'rule-key-misspelt',
    edit: ['policies/order.policy.ts', "because: 'An order that was placed", "becuase: 'An order that was placed"],
  },
  {
    name: 'caller-misunderstood',
    edit: ['policies/order.policy.ts', 'placedBy: { isNot: actor.id }', 'placedBy: { isNot: actor.user }'],
  },
  {
    name: 'bracket-forgotten',
    edit: ['schema/product.entity.ts', 'relations: {', 'relations: '],
  },
  {
    name: 'import-of-nothing',
    edit: ['schema/order.entity.ts', "from './choices.ts'", "from './choice.ts'"],
  },
]
