import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'

const words = `import { boolean, choice, coalesce, concat, date, datetime, dayOf, days, decimal, decimalOf, defaults, dividedBy, embed, entity, eur, float, formulas, greatest, hasOne, int, lower, many, minus, money, nowAt, numbering, one, plus, share, shift, startOf, string, text, times, timezone, today, when } from 'rowhouse/schema'\n`

/** An order with lines; `more` is what is computed, `given` are its formulas. */
const of = (more: string, given: string, before = ''): string => `${words}
export const A = entity('A', {
  fields: { name: string(), n: int(), f: float(), d: decimal({ precision: 9, scale: 2 }), on: date(), at: datetime(), zone: timezone(),
    note: text({ optional: true }), eur: money({ currency: 'EUR' }), usd: money({ currency: 'USD' }), currency: choice(['EUR', 'USD']), own: money({ in: 'currency' }), home: embed({ city: string() }) },
  relations: { bs: many('B', { by: 'a' }), c: hasOne('C', { by: 'a' }) },
  computed: { ${more} },
})
export const B = entity('B', { fields: { n: int(), currency: choice(['EUR', 'USD']), amount: money({ in: 'currency' }) }, relations: { a: one('A') } })
export const C = entity('C', { fields: { n: int() }, relations: { a: one('A', { unique: true }) } })
${before}
export const AFormulas = formulas(A, { ${given} })`

const one = (type: string, formula: string, before = ''): string => of(`x: ${type}`, `x: ${formula}`, before)
/** People of no tenant, and rows that expire. */
const more = `export const P = entity('P', { tenant: false, fields: { name: string() } })
export const E = entity('E', { fields: { until: datetime() }, expires: 'until', relations: { a: one('A') } })`
/** Kept out of quotes, where it would be taken for a template. */
const dollar = (source: string): string => source.replace('#', '$')

const defaulting = (given: string): string => `${of('', '')}
export const ADefaults = defaults(A, { ${given} })`

const mistakes: readonly Mistake[] = [
  ['a computed field without formula', [['FORMULA_MISSING', 'x']], of('x: int()', '')],
  ['a formula of no computed field', [['FORMULA_UNKNOWN', 'n']], of('', 'n: (a) => a.n')],
  [
    'formulas of no entity',
    [['FORMULA_ENTITY_UNKNOWN', 'formulas']],
    `${of('', '')}\nexport const Z = formulas({ name: 'Z' }, { x: (z) => z.n })`,
  ],
  ['two sets of formulas', [['DECLARATION_DUPLICATE', 'A']], `${of('', '')}\nexport const Again = formulas(A, {})`],
  ['formulas that are not exported', [['DECLARATION_HIDDEN', 'formulas']], `${of('', '')}\nformulas(C, {})`],
  ['a stored option', [['COMPUTED_OPTION_INVALID', 'default']], of('x: int({ default: 5 })', 'x: (a) => a.n')],
  ['a part that a value object has not', [['FORMULA_NAME_UNKNOWN', 'town']], one('string()', '(a) => a.home.town')],
  ['a value object as a whole', [['FORMULA_VALUE_UNUSED', 'home']], one('string()', '(a) => a.home')],
  [
    'a sum that may be too large',
    [['FORMULA_RANGE_LEFT', '(a) => plus(a.n, a.n)']],
    one('int()', '(a) => plus(a.n, a.n)'),
  ],
  [
    'a day that may be none',
    [['FORMULA_RANGE_LEFT', "(a) => shift(a.on, 1, 'days')"]],
    one('date()', "(a) => shift(a.on, 1, 'days')"),
  ],
  [
    'a truth that follows from what may be too large',
    [['FORMULA_RANGE_LEFT', '{ w: { over: 5 } }']],
    one('boolean()', '{ w: { over: 5 } }')
      .replace('x: boolean()', 'x: boolean(), w: int({ optional: true })')
      .replace('x: {', 'w: (a) => plus(a.n, a.n), x: {'),
  ],
  ...(
    [
      ['a moment that passes', 'int({ stored: true })', '(a) => days(today, a.on)'],
      ['the instant', 'datetime({ stored: true })', '() => nowAt'],
      ['when the row was changed', 'datetime({ stored: true })', '(a) => a.updatedAt'],
      ['rows of no tenant', 'string({ stored: true, optional: true })', '(a) => a.p.name'],
      ['rows that expire', 'int({ stored: true })', '(a) => a.es.count()'],
      ['what follows from such', 'int({ stored: true })', '(a) => a.y'],
    ] as const
  ).map(
    ([what, type, formula]): Mistake => [
      `stored, but it follows from ${what}`,
      [['FORMULA_STORED_UNSUPPORTED', type]],
      of(`x: ${type}, y: int()`, `x: ${formula}, y: (a) => a.es.count()`, more).replace(
        "c: hasOne('C', { by: 'a' })",
        "c: hasOne('C', { by: 'a' }), p: one('P', { optional: true }), es: many('E', { by: 'a' })",
      ),
    ],
  ),
  [
    'an index of what has no column',
    [['NAME_UNKNOWN', "'x'"]],
    one('int()', '(a) => a.n')
      .replace('export const B =', '')
      .replace('computed: { x', "indexes: [{ on: ['x'] }], computed: { x")
      .replace("entity('B'", "export const B = entity('B'"),
  ],
  [
    'a field that is no formula',
    [['OPTION_UNKNOWN', 'stored']],
    of('', '').replace('name: string()', 'name: string({ stored: true })'),
  ],
  [
    'two columns of one name',
    [['NAME_CLASH', 'cId']],
    of('cId: int({ stored: true })', 'cId: (a) => a.n')
      .replace("c: hasOne('C', { by: 'a' })", "c: one('C', { optional: true })")
      .replace("a: one('A', { unique: true })", "z: one('A', { unique: true })"),
  ],
  ['itself', [['FORMULA_CYCLE', 'x']], one('int()', '(a) => plus(a.x, 1)')],
  [
    'two that follow from each other, by a condition and a list of another entity',
    [['FORMULA_CYCLE', 'x']],
    `${one('int({ optional: true })', '(a) => a.bs.sum((b) => b.y)').replace("relations: { a: one('A') }", "relations: { a: one('A') }, computed: { y: int() }")}
export const BFormulas = formulas(B, { y: (b) => when(b, [{ if: { a: { x: { over: 5 } } }, then: b.n }], 0) })`,
  ],
  [
    '&& drops one side',
    [['FORMULA_EXPRESSION_REFUSED', 'a.n && a.d']],
    one('decimal({ precision: 9, scale: 2 })', '(a) => a.n && a.d'),
  ],
  [
    '|| drops one side',
    [['FORMULA_EXPRESSION_REFUSED', 'a.d || a.d']],
    one('decimal({ precision: 9, scale: 2 })', '(a) => a.d || a.d'),
  ],
  [
    '? : chooses before any row is there',
    [['FORMULA_EXPRESSION_REFUSED', 'a.n ? a.d : a.d']],
    one('decimal({ precision: 9, scale: 2 })', '(a) => (a.n ? a.d : a.d)'),
  ],
  [
    '?? in a function of the app',
    [['FORMULA_EXPRESSION_REFUSED', 'a.n ?? a.n']],
    one('int()', '(a) => pick(a)', 'const pick = (a) => a.n ?? a.n'),
  ],
  [
    'if in a function of the app',
    [['FORMULA_EXPRESSION_REFUSED', 'if (a) return a.n']],
    one('int()', '(a) => pick(a)', 'const pick = (a) => { if (a) return a.n }'),
  ],
  ['an operator', [['FORMULA_EXPRESSION_REFUSED', 'a.n * 2']], one('int()', '(a) => a.n * 2')],
  [
    'a text put together',
    [['FORMULA_EXPRESSION_REFUSED', dollar('`#{a.name}!`')]],
    one('string()', dollar('(a) => `#{a.name}!`')),
  ],
  [
    'a text put together where no one looks',
    [['FORMULA_VALUE_CONVERTED', 'join']],
    one('string()', "(a) => concat([a.name, 'x'].join('-'))"),
  ],
  [
    'a number made where no one looks',
    [['FORMULA_VALUE_CONVERTED', 'Number']],
    one('int()', '(a) => plus(a.n, Number(a.n))'),
  ],
  [
    'JSON of it',
    [['FORMULA_VALUE_CONVERTED', 'stringify']],
    one('string()', '(a) => concat(a.name, JSON.stringify(a.n))'),
  ],
  [
    'a value that is read and dropped',
    [['FORMULA_VALUE_UNUSED', 'n']],
    one('decimal({ precision: 9, scale: 2 })', '(a) => (a.n, a.d)'),
  ],
  [
    'a value that is made and dropped',
    [['FORMULA_VALUE_UNUSED', 'plus']],
    one('int()', '(a) => { plus(a.n, 1); return a.n }'),
  ],
  [
    'a list that is read and dropped',
    [['FORMULA_VALUE_UNUSED', 'bs']],
    one('int()', '(a) => { void 0, a.bs; return a.n }').replace('void 0, ', ''),
  ],
  ['a relation that is read and dropped', [['FORMULA_VALUE_UNUSED', 'c']], one('int()', '(a) => { a.c; return a.n }')],
  ['a name that the row lacks', [['FORMULA_NAME_UNKNOWN', 'nn']], one('int()', '(a) => a.nn')],
  ['a function that lists lack', [['FORMULA_NAME_UNKNOWN', 'total']], one('int()', '(a) => a.bs.total((b) => b.n)')],
  [
    'a field to order by that the row lacks',
    [['FORMULA_NAME_UNKNOWN', 'first']],
    one('int({ optional: true })', "(a) => a.bs.first((b) => b.n, { sort: ['-m'] })"),
  ],
  [
    'a filter on a field that the row lacks',
    [['POLICY_PATH_UNKNOWN', 'count']],
    one('int()', '(a) => a.bs.count({ m: 5 })'),
  ],
  ['nothing given back', [['FORMULA_RESULT_INVALID', '(a) => {}']], one('int()', '(a) => {}')],
  ['a formula that throws', [['FORMULA_RESULT_INVALID', '(a) => missing(a)']], one('int()', '(a) => missing(a)')],
  ['no formula at all', [['FORMULA_RESULT_INVALID', '5']], one('int()', '5')],
  [
    'cases without a rest',
    [['FORMULA_RESULT_INVALID', '{ cases: [{ if: { n: 1 }, then: 1 }] }']],
    one('int()', '{ cases: [{ if: { n: 1 }, then: 1 }] }'),
  ],
  ['another type', [['FORMULA_TYPE_INVALID', '(a) => a.name']], one('int()', '(a) => a.name')],
  ['null where none is declared', [['FORMULA_TYPE_INVALID', '(a) => a.note']], one('text()', '(a) => a.note')],
  ['null by a row that may be missing', [['FORMULA_TYPE_INVALID', '(a) => a.c.n']], one('int()', '(a) => a.c.n')],
  [
    'null by a division',
    [['FORMULA_TYPE_INVALID', '(a) => dividedBy(a.n, a.n)']],
    one('int()', '(a) => dividedBy(a.n, a.n)'),
  ],
  [
    'a choice that could be another text',
    [['FORMULA_TYPE_INVALID', '(a) => a.name']],
    one("choice(['x', 'y'])", '(a) => a.name'),
  ],
  [
    'a case of another choice',
    [['FORMULA_TYPE_INVALID', "{ cases: [{ if: { n: 1 }, then: 'z' }], otherwise: 'x' }"]],
    one("choice(['x', 'y'])", "{ cases: [{ if: { n: 1 }, then: 'z' }], otherwise: 'x' }"),
  ],
  ['a condition for a number', [['FORMULA_TYPE_INVALID', '{ n: 5 }']], one('int()', '{ n: 5 }')],
  ['a function that does not fit', [['FORMULA_TYPE_INVALID', 'lower']], one('string()', '(a) => lower(a.n)')],
  [
    'a float that would spoil an exact number',
    [['FORMULA_TYPE_INVALID', 'times']],
    one('decimal({ precision: 9, scale: 2 })', '(a) => times(a.d, a.f)'),
  ],
  [
    'a whole and a decimal number',
    [['FORMULA_TYPE_INVALID', 'plus']],
    one('decimal({ precision: 9, scale: 2 })', '(a) => plus(a.d, a.n)'),
  ],
  [
    'two currencies',
    [['FORMULA_MONEY_INVALID', 'plus']],
    one("money({ currency: 'EUR' })", '(a) => plus(a.eur, a.usd)'),
  ],
  [
    'a currency and one that each row says',
    [['FORMULA_MONEY_INVALID', 'plus']],
    one("money({ currency: 'EUR' })", '(a) => plus(a.eur, a.own)'),
  ],
  [
    'another currency than declared',
    [['FORMULA_MONEY_INVALID', '(a) => a.usd']],
    one("money({ currency: 'EUR' })", '(a) => a.usd'),
  ],
  [
    'amounts multiplied',
    [['FORMULA_MONEY_INVALID', 'times']],
    one("money({ currency: 'EUR' })", '(a) => times(a.eur, a.eur)'),
  ],
  [
    'an amount divided by an amount',
    [['FORMULA_MONEY_INVALID', 'dividedBy']],
    one("money({ currency: 'EUR', optional: true })", '(a) => dividedBy(a.eur, a.eur)'),
  ],
  [
    'a sum over rows of several currencies',
    [['FORMULA_MONEY_INVALID', 'sum']],
    one('money()', '(a) => a.bs.sum((b) => b.amount)'),
  ],
  [
    'a row of a list outside of it',
    [['FORMULA_VALUE_FOREIGN', 'n']],
    one('int()', '(a) => { let kept; const s = a.bs.sum((b) => { kept = b; return b.n }); return plus(s, kept.n) }')
      .replace('kept = b; return b.n', 'return keep(b).n')
      .replace('let kept; ', '')
      .replace('kept.n', 'held.b.n')
      .replace(
        'export const AFormulas',
        'const held = { b: null }\nconst keep = (b) => Object.assign(held, { b }).b\nexport const AFormulas',
      ),
  ],
  ['a zone that is none', [['FORMULA_ZONE_UNKNOWN', 'dayOf']], one('date()', "(a) => dayOf(a.at, 'Europe/Nowhere')")],
  ['a zone that could be any text', [['FORMULA_ZONE_UNKNOWN', 'dayOf']], one('date()', '(a) => dayOf(a.at, a.zone)')],
  ['a default of no field', [['DEFAULT_FORMULA_INVALID', 'x']], defaulting('x: (a) => a.n')],
  ['a default of another type', [['FORMULA_TYPE_INVALID', '(a) => a.n']], defaulting('on: (a) => a.n')],
  ['a default from a list', [['DEFAULT_FORMULA_INVALID', '(a) => a.bs.count()']], defaulting('n: (a) => a.bs.count()')],
  ['a default from itself', [['DEFAULT_FORMULA_INVALID', '(a) => plus(a.n, 1)']], defaulting('n: (a) => plus(a.n, 1)')],
  [
    'defaults in a ring',
    [
      ['DEFAULT_FORMULA_INVALID', '(a) => a.usd'],
      ['DEFAULT_FORMULA_INVALID', '(a) => a.eur'],
    ],
    defaulting('eur: (a) => a.usd, usd: (a) => a.eur').replace(
      "usd: money({ currency: 'USD' })",
      "usd: money({ currency: 'EUR' })",
    ),
  ],
  [
    'a second default',
    [['DEFAULT_FORMULA_INVALID', 'n']],
    defaulting('n: (a) => a.f').replace('n: int(), f: float()', 'n: int({ default: 3 }), f: int()'),
  ],
  [
    'a default of a number of a series',
    [['DEFAULT_FORMULA_INVALID', 'no']],
    defaulting("no: (a) => concat('N', a.f)").replace(
      'n: int(), f: float()',
      "n: int(), f: float(), no: numbering('N-{000}')",
    ),
  ],
  [
    'an index over a computed field',
    [['CONDITION_VALUE_INVALID', 'x']],
    one('int()', '(a) => a.n').replace('computed: {', "indexes: [{ on: ['n'], where: { x: 5 } }], computed: {"),
  ],
  [
    'a computed field called like a column',
    [['NAME_CLASH', 'cId']],
    `${one('int()', '(a) => a.n').replaceAll('x:', 'cId:').replace("c: hasOne('C', { by: 'a' })", "c: one('C', { optional: true })").replace("relations: { a: one('A', { unique: true }) }", '')}`,
  ],
]

testMistakes('mistakes in formulas', entitiesOnly, mistakes)
