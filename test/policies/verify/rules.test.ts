import { expect, test } from 'vitest'
import { type Mistake, testMistakes } from '../../schema/mistakes.ts'
import { modelOf, problemsOf } from '../../schema/written-app.ts'
import { withOrderPolicy, withOrderRules } from './small-app.ts'

const rules: readonly Mistake[] = [
  ['an unknown role', [['RULE_ROLE_UNKNOWN', "'slaes'"]], `'a': { allow: ['admin', 'slaes'], to: 'read' }`],
  ['nobody', [['RULE_AUDIENCE_INVALID', "'a'"]], `'a': { to: 'read' }`],
  ['both', [['RULE_AUDIENCE_INVALID', "'a'"]], `'a': { allow: 'admin', deny: everyone, to: 'read' }`],
  ['an empty list of roles', [['RULE_AUDIENCE_INVALID', '[]']], `'a': { allow: [], to: 'read' }`],
  ['a denial to a role', [['RULE_AUDIENCE_INVALID', "'sales'"]], `'a': { deny: 'sales', to: 'read' }`],
  ['a word for whom that is for what', [['RULE_AUDIENCE_INVALID', 'anything']], `'a': { allow: anything, to: 'read' }`],
  [
    'everyone except an unknown role',
    [['RULE_ROLE_UNKNOWN', "'admn'"]],
    `'a': { deny: everyoneExcept('sales', 'admn'), to: 'read' }`,
  ],
  [
    'everyone except nobody',
    [['RULE_AUDIENCE_INVALID', 'everyoneExcept()']],
    `'a': { allow: everyoneExcept(), to: 'read' }`,
  ],
  ['an unknown verb', [['RULE_VERB_UNKNOWN', "'aprove'"]], `'a': { allow: 'admin', to: ['read', 'aprove'] }`],
  ['no verb', [['RULE_VERB_UNKNOWN', "'a'"]], `'a': { allow: 'admin' }`],
  ['an empty list of verbs', [['RULE_VERB_UNKNOWN', '[]']], `'a': { allow: 'admin', to: [] }`],
  ['a quoted word', [['RULE_VERB_UNKNOWN', "'anything'"]], `'a': { allow: 'admin', to: 'anything' }`],
  ['an unknown key', [['RULE_KEY_UNKNOWN', 'wher']], `'a': { allow: 'admin', to: 'read', wher: { number: 'x' } }`],
  ['a key that comes later', [['RULE_KEY_UNKNOWN', 'input']], `'a': { allow: 'admin', to: 'create', input: {} }`],
  ['sets of nothing', [['RULE_SETS_INVALID', '{}']], `'a': { allow: 'admin', to: 'create', sets: {} }`],
  [
    'sets that are no object',
    [['RULE_SETS_INVALID', "'number'"]],
    `'a': { allow: 'admin', to: 'create', sets: 'number' }`,
  ],
  [
    'sets on reading',
    [['RULE_SETS_INVALID', 'sets']],
    `'a': { allow: 'admin', to: ['read', 'update'], sets: { number: 'x' } }`,
  ],
  ['sets on a denial', [['RULE_SETS_INVALID', 'sets']], `'a': { deny: everyone, to: 'create', sets: { number: 'x' } }`],
  [
    'sets of an unknown field',
    [['POLICY_PATH_UNKNOWN', 'nmber']],
    `'a': { allow: 'admin', to: 'create', sets: { nmber: 'x' } }`,
  ],
  [
    'sets of another type',
    [['CONDITION_VALUE_INVALID', '5']],
    `'a': { allow: 'admin', to: 'create', sets: { number: 5 } }`,
  ],
  [
    'sets of another row',
    [['CONDITION_VALUE_INVALID', 'actor.id']],
    `'a': { allow: 'admin', to: 'create', sets: { customer: actor.id } }`,
  ],
  [
    'sets by a test',
    [['RULE_SETS_INVALID', "{ is: 'x' }"]],
    `'a': { allow: 'admin', to: 'create', sets: { number: { is: 'x' } } }`,
  ],
  [
    'sets by a combination',
    [['RULE_SETS_INVALID', "[{ number: 'x' }]"]],
    `'a': { allow: 'admin', to: 'create', sets: { anyOf: [{ number: 'x' }] } }`,
  ],
  [
    'sets by a list',
    [['RULE_SETS_INVALID', "['x']"]],
    `'a': { allow: 'admin', to: 'create', sets: { number: ['x'] } }`,
  ],
  [
    'sets of ours',
    [['RULE_SETS_INVALID', 'createdAt']],
    `'a': { allow: 'admin', to: 'create', sets: { createdAt: '2026-01-01T00:00:00Z' } }`,
  ],
  [
    'sets that leave what is required empty',
    [['RULE_SETS_INVALID', 'total']],
    `'a': { allow: 'admin', to: 'update', sets: { size: null, total: null } }`,
  ],
  [
    'sets of what callers give',
    [['RULE_SETS_INVALID', "'number'"]],
    `'a': { allow: 'admin', to: 'update', only: ['total', 'number'], sets: { number: 'x' } }`,
  ],
  [
    'becoming outside of update',
    [['RULE_BECOMING_MISPLACED', 'becoming']],
    `'a': { allow: 'admin', to: ['create', 'update'], becoming: { number: 'x' } }`,
  ],
  [
    'unless on allow',
    [['RULE_UNLESS_MISPLACED', 'unless']],
    `'a': { allow: 'admin', to: 'read', unless: { number: 'x' } }`,
  ],
  [
    'a reserve for an unknown role',
    [['RULE_ROLE_UNKNOWN', "'slaes'"]],
    `'a': { reserve: ['tip'], to: 'read', for: 'slaes' }`,
  ],
  ['a reserve for nobody', [['RULE_AUDIENCE_INVALID', "'a'"]], `'a': { reserve: ['tip'], to: 'read' }`],
  ['a reserve of no field', [['RULE_FIELDS_UNKNOWN', '[]']], `'a': { reserve: [], to: 'read', for: 'sales' }`],
  [
    'a reserve of an unknown field',
    [['RULE_FIELDS_UNKNOWN', "'tpi'"]],
    `'a': { reserve: ['tpi'], to: 'read', for: 'sales' }`,
  ],
  [
    'a reserve of a built-in field',
    [['RULE_FIELDS_UNKNOWN', "'createdAt'"]],
    `'a': { reserve: ['createdAt'], to: 'read', for: 'sales' }`,
  ],
  [
    'allow and reserve',
    [['RULE_AUDIENCE_INVALID', "'a'"]],
    `'a': { allow: 'sales', reserve: ['tip'], to: 'read', for: 'sales' }`,
  ],
  [
    'a reserve of what is done with whole rows',
    [['RULE_RESERVE_INVALID', "['read', 'delete']"]],
    `'a': { reserve: ['tip'], to: ['read', 'delete'], for: 'sales' }`,
  ],
  [
    'a reserve for everybody',
    [['RULE_RESERVE_INVALID', 'everyone']],
    `'a': { reserve: ['tip'], to: 'read', for: everyone }`,
  ],
  [
    'a narrowed verb',
    [['RULE_FIELDS_MISPLACED', 'only']],
    `'a': { allow: 'admin', to: ['update', 'remove'], only: ['number'] }`,
  ],
  ['a narrowed denial', [['RULE_FIELDS_MISPLACED', 'only']], `'a': { deny: everyone, to: 'update', only: ['number'] }`],
  [
    'only and except',
    [['RULE_FIELDS_MISPLACED', 'only']],
    `'a': { allow: 'admin', to: 'update', only: ['number'], except: ['total'] }`,
  ],
  [
    'nothing left',
    [['RULE_FIELDS_MISPLACED', '[']],
    `'a': { allow: 'admin', to: 'update', except: [
      'number', 'wantedOn', 'placedAt', 'total', 'tip', 'currency', 'weight', 'size', 'customer', 'placedBy'] }`,
  ],
  [
    'unknown fields',
    [
      ['RULE_FIELDS_UNKNOWN', "'nmber'"],
      ['RULE_FIELDS_UNKNOWN', "'customerId'"],
      ['RULE_FIELDS_UNKNOWN', "'status'"],
    ],
    `'a': { allow: 'admin', to: 'update', only: ['number', 'nmber', 'customerId', 'status'] }`,
  ],
  ['a list of no field', [['RULE_FIELDS_UNKNOWN', '[]']], `'a': { allow: 'admin', to: 'update', only: [] }`],
  [
    'rows that cannot be made',
    [['RULE_CREATE_IMPOSSIBLE', "'a'"]],
    `'a': { allow: 'admin', to: 'create', only: ['number', 'total', 'customer'] }`,
  ],
  [
    'the same twice',
    [['RULE_DUPLICATE', "'b'"]],
    `'a': { allow: 'admin', to: 'read', where: { number: 'x' } },
'b': { allow: 'admin', to: ['read'], where: { number: { is: 'x' } }, because: 'of that' }`,
  ],
  ['no title', [['TEXT_INVALID', "''"]], `'': { allow: 'admin', to: 'read' }`],
  ['a title with NUL', [['TEXT_INVALID', String.raw`'a\0'`]], String.raw`'a\0': { allow: 'admin', to: 'read' }`],
  ['no rule at all', [['OPTION_INVALID', 'null']], `'a': null`],
  [
    'a title twice',
    [['KEY_DUPLICATE', "'a'"]],
    `'a': { allow: 'admin', to: 'read' }, 'a': { allow: 'sales', to: 'read' }`,
  ],
  ['a reason that is none', [['OPTION_INVALID', '7']], `'a': { allow: 'admin', to: 'read', because: 7 }`],
]

testMistakes('rules', withOrderRules, rules)

const policies: readonly Mistake[] = [
  ['none', [['POLICY_MISSING', "'Order'"]], `void [Order, Customer, actor]`],
  ['an empty one', [['POLICY_EMPTY', 'Order']], `export const OrderPolicy = policy(Order, {})`],
  [
    'two of one entity',
    [['POLICY_DUPLICATE', 'Order']],
    `export const OrderPolicy = policy(Order, { 'a': { allow: 'admin', to: 'read' } })
export const OtherPolicy = policy(Order, { 'b': { allow: 'admin', to: 'update' } })`,
  ],
  [
    'one of an entity that is not exported',
    [['POLICY_ENTITY_UNKNOWN', 'policy']],
    `export const OrderPolicy = policy(Order, { 'a': { allow: 'admin', to: 'read' } })
export const GhostPolicy = policy({ name: 'Ghost' }, { 'a': { allow: 'admin', to: 'read' } })`,
  ],
  [
    'one that is not exported',
    [
      ['POLICY_MISSING', "'Order'"],
      ['DECLARATION_HIDDEN', 'policy'],
    ].toReversed() as [string, string][],
    `const OrderPolicy = policy(Order, { 'a': { allow: 'admin', to: 'read' } })`,
  ],
  [
    'one that a function makes',
    [['DECLARATION_HIDDEN', 'make']],
    `const make = () => policy(Order, { 'a': { allow: 'admin', to: 'read', where: true ? { number: 'x' } : {} } })
export const OrderPolicy = make()`,
  ],
]

testMistakes('policies', withOrderPolicy, policies)

test('what is left out, and what except leaves, is written into the model', async () => {
  const model = await modelOf(
    withOrderRules(`'edit': { allow: ['sales', 'admin', 'sales'], to: 'update', except: ['total', 'placedBy'] },
'hand over': { allow: signedIn, to: 'update', only: ['customer'], becoming: 'anything' },
'never': { deny: everyone, to: anything, where: { number: 'x' }, unless: { number: 'y' }, because: 'So it is.' }`),
  )
  expect(model.policies.find(({ entity }) => entity === 'Order')?.rules).toEqual([
    {
      ...{ title: 'edit', effect: 'allow', audience: { kind: 'roles', roles: ['sales', 'admin'] }, verbs: ['update'] },
      ...{ where: null, becoming: null, unless: null, sets: [], because: null },
      fields: ['number', 'wantedOn', 'placedAt', 'tip', 'currency', 'weight', 'size', 'customer'],
    },
    {
      ...{ title: 'hand over', effect: 'allow', audience: { kind: 'signedIn' }, verbs: ['update'] },
      ...{ where: null, becoming: 'anything', unless: null, sets: [], because: null, fields: ['customer'] },
    },
    {
      ...{ title: 'never', effect: 'deny', audience: { kind: 'everyone' }, verbs: 'anything', becoming: null },
      where: { kind: 'compare', on: 'number', op: 'is', to: { kind: 'value', value: 'x' } },
      unless: { kind: 'compare', on: 'number', op: 'is', to: { kind: 'value', value: 'y' } },
      ...{ fields: null, sets: [], because: 'So it is.' },
    },
  ])
})

test('a policy may be spread over named rule sets', async () => {
  const app = withOrderPolicy(`const reading = { 'read': { allow: 'admin', to: 'read' } } as const
export const OrderPolicy = policy(Order, { ...reading, 'write': { allow: 'admin', to: 'update' } })`)
  expect(await problemsOf(app)).toEqual([])
})
