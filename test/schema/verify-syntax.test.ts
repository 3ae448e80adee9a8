import { withOrderPolicy, withOrderWhere } from '../policies/verify/small-app.ts'
import { type Mistake, testMistakes } from './mistakes.ts'
import { entitiesOnly, written } from './written-app.ts'

/** Expressions in a rule that types let through, and that would silently mean something else. */
const expressions: readonly Mistake[] = [
  [
    'a ternary',
    [['RULE_EXPRESSION_REFUSED', "true ? { number: 'x' } : { number: 'y' }"]],
    `true ? { number: 'x' } : { number: 'y' }`,
  ],
  [
    'a ternary deep inside',
    [['RULE_EXPRESSION_REFUSED', "1 ? 'x' : 'y'"]],
    `{ customer: { name: { is: 1 ? 'x' : 'y' } } }`,
  ],
  ['and', [['RULE_EXPRESSION_REFUSED', "{ number: 'x' } && { number: 'y' }"]], `{ number: 'x' } && { number: 'y' }`],
  ['or of values', [['RULE_EXPRESSION_REFUSED', "'x' || 'y'"]], `{ number: 'x' || 'y' }`],
  ['an operator', [['RULE_EXPRESSION_REFUSED', "'x' + 'y'"]], `{ number: 'x' + 'y' }`],
  ['a text from parts', [['RULE_EXPRESSION_REFUSED', '`$' + '{1}`']], '{ number: `$' + '{1}` }'],
  ['a call', [['RULE_EXPRESSION_REFUSED', 'String(1)']], `{ number: String(1) }`],
  ['a call at once', [['RULE_EXPRESSION_REFUSED', "(() => 'x')()"]], `{ number: (() => 'x')() }`],
  ['a moment', [['RULE_EXPRESSION_REFUSED', 'new Date().toISOString()']], `{ placedAt: new Date().toISOString() }`],
  ['now', [['RULE_EXPRESSION_REFUSED', 'Date.now()']], `{ placedAt: Date.now() }`],
  ['a computed key', [['RULE_EXPRESSION_REFUSED', "'num' + 'ber'"]], `{ ['num' + 'ber']: 'x' }`],
  ['a getter', [['RULE_EXPRESSION_REFUSED', 'number']], `{ get number() { return 'x' } }`],
  ['a global', [['RULE_EXPRESSION_REFUSED', 'process.version']], `{ number: process.version }`],
  [
    'a list with a hole',
    [
      ['CONDITION_VALUE_INVALID', 'in'],
      ['RULE_EXPRESSION_REFUSED', "['x', , 'y']"],
    ],
    `{ number: { in: ['x', , 'y'] } }`,
  ],
  ['a key twice', [['KEY_DUPLICATE', 'number']], `{ number: 'x', number: 'y' }`],
  ['a prototype', [['KEY_REFUSED', '__proto__']], `{ number: 'x', __proto__: { number: 'y' } }`],
  ['a quoted prototype', [['KEY_REFUSED', "'__proto__'"]], `{ number: 'x', '__proto__': { number: 'y' } }`],
  ['undefined', [['RULE_EXPRESSION_REFUSED', 'undefined']], `{ number: undefined }`],
]

testMistakes('expressions in rules', withOrderWhere, expressions)

const policy = (rules: string) => `export const OrderPolicy = policy(Order, ${rules})`

testMistakes('names and spreads in rules', withOrderPolicy, [
  [
    'a spread that is overwritten',
    [['RULE_SPREAD_OVERWRITES', 'where']],
    `const base = { allow: 'admin', to: 'read', where: { status: 'draft' } } as const
${policy(`{ 'a': { ...base, where: { number: 'x' } } }`)}`,
  ],
  [
    'a spread that overwrites',
    [['RULE_SPREAD_OVERWRITES', 'base']],
    `const base = { allow: 'admin', to: 'read', where: { status: 'draft' } } as const
${policy(`{ 'a': { where: { number: 'x' }, ...base } }`)}`,
  ],
  [
    'two spreads of one title',
    [['RULE_SPREAD_OVERWRITES', 'second']],
    `const first = { 'a': { allow: 'admin', to: 'read' } } as const
const second = { 'a': { allow: 'admin', to: 'update' } } as const
${policy(`{ ...first, ...second }`)}`,
  ],
  [
    'a spread condition',
    [['CONDITION_VALUE_INVALID', '{ ...ours }']],
    `const ours = condition(Customer, { vip: true })
${policy(`{ 'a': { allow: 'admin', to: 'read', where: { customer: { ...ours } } } }`)}`,
  ],
  [
    'a spread of a choice',
    [['RULE_EXPRESSION_REFUSED', "1 ? { number: 'x' } : {}"]],
    policy(`{ 'a': { allow: 'admin', to: 'read', where: { ...(1 ? { number: 'x' } : {}) } } }`),
  ],
  [
    'a variable',
    [['RULE_EXPRESSION_REFUSED', 'number']],
    `let number = 'x'
${policy(`{ 'a': { allow: 'admin', to: 'read', where: { number: number } } }`)}`,
  ],
  [
    'a variable hidden behind the export of another name',
    [['RULE_EXPRESSION_REFUSED', 'number']],
    `const plain = 'x'
let number = 'y'
export { plain as number }
${policy(`{ 'a': { allow: 'admin', to: 'read', where: { number: number } } }`)}`,
  ],
  [
    'a part of a declaration',
    [['RULE_EXPRESSION_REFUSED', 'of']],
    `const { of } = condition(Customer, { vip: true })
${policy(`{ 'a': { allow: 'admin', to: 'read', where: { number: of } } }`)}`,
  ],
  [
    'a member that a spread replaces',
    [['RULE_EXPRESSION_REFUSED', 'values.number']],
    `const chance = { number: Math.random() > 2 ? 'x' : 'y' }
const values = { number: 'x', ...chance }
${policy(`{ 'a': { allow: 'admin', to: 'read', where: { number: values.number } } }`)}`,
  ],
  [
    'a constant that is not plain',
    [['RULE_EXPRESSION_REFUSED', "process.env.X ?? 'x'"]],
    `const number = process.env.X ?? 'x'
${policy(`{ 'a': { allow: 'admin', to: 'read', where: { number } } }`)}`,
  ],
  [
    'a mistake inside of a named condition',
    [['RULE_EXPRESSION_REFUSED', '!false']],
    `const ours = condition(Customer, { vip: !false })
${policy(`{ 'a': { allow: 'admin', to: 'read', where: { customer: ours } } }`)}`,
  ],
  [
    'constants, lists, members and words of plain data',
    [],
    `const values = { first: 'x', more: 'y' } as const
const list = ['draft', 'placed'] as const
const rule = { allow: 'admin', to: 'read' } as const
${policy(`{ 'a': { ...rule, where: { number: values.first, status: { in: [...list] }, weight: { over: '-1' }, total: { under: usd('5') } } } }`)}`,
  ],
])

const shared = `export const draft = { status: 'draft' } as const
export const bad = { status: Math.random() > 2 ? 'placed' : 'draft' } as const
`

testMistakes(
  'names from other files',
  (source) => {
    const app = withOrderPolicy(source)
    const file = 'policies/order.policy.ts'
    return {
      ...app,
      'policies/shared.ts': `// rowhouse/\n${shared}`,
      [file]: written(file, `import { bad, draft } from './shared.ts'\n${app[file]}`),
    }
  },
  [
    ['plain', [], `void bad\n${policy(`{ 'a': { allow: 'admin', to: 'read', where: draft } }`)}`],
    [
      'not plain',
      [['RULE_EXPRESSION_REFUSED', "Math.random() > 2 ? 'placed' : 'draft'"]],
      `void draft\n${policy(`{ 'a': { allow: 'admin', to: 'read', where: bad } }`)}`,
    ],
  ],
)

testMistakes('conditions of entities', entitiesOnly, [
  [
    'an index',
    [['RULE_EXPRESSION_REFUSED', "1 ? 'x' : 'y'"]],
    `export const A = entity('A', { fields: { name: string() }, indexes: [{ on: ['name'], where: { name: 1 ? 'x' : 'y' } }] })`,
  ],
  [
    'a transition',
    [['RULE_EXPRESSION_REFUSED', 'String(1)']],
    `export const A = entity('A', { fields: { name: string() }, lifecycle: { initial: 'a', states: ['a'],
  transitions: { go: { from: 'a', to: 'a', when: { name: String(1) } } } } })`,
  ],
  [
    'a field twice',
    [['KEY_DUPLICATE', 'name']],
    `export const A = entity('A', { fields: { name: string(), name: int() } })`,
  ],
  [
    'an index that a function makes',
    [['RULE_EXPRESSION_REFUSED', 'indexes']],
    `const make = (where: object) => [{ on: ['name'], where: 1 ? { name: 'y' } : where }] as never
export const A = entity('A', { fields: { name: string() }, indexes: make({ name: 'x' }) })`,
  ],
  ['a prototype', [['KEY_REFUSED', '__proto__']], `export const A = entity('A', { fields: { __proto__: null } })`],
])
