import {
  coalesce,
  concat,
  days,
  defaults,
  dividedBy,
  entity,
  formulas,
  int,
  length,
  lower,
  minus,
  money,
  plus,
  round,
  share,
  shift,
  string,
  times,
  today,
  when,
} from 'rowhouse/schema'
import { Sheet, SheetLine } from '../schema/sheet.entity.ts'

formulas(SheetLine, {
  // @ts-expect-error another type than declared
  amount: (l) => l.quantity,
})
formulas(SheetLine, {
  // @ts-expect-error no such field
  amount: (l) => times(l.unitPrise, l.quantity),
})
formulas(SheetLine, {
  // @ts-expect-error amounts are not multiplied
  amount: (l) => times(l.unitPrice, l.unitPrice),
})
formulas(SheetLine, {
  // @ts-expect-error an amount and a number are not added
  amount: (l) => plus(l.unitPrice, l.quantity),
})
formulas(SheetLine, {
  // @ts-expect-error operators make numbers, not expressions
  amount: (l) => l.unitPrice * l.quantity,
})
formulas(SheetLine, {
  // @ts-expect-error may be null
  amount: (l) => dividedBy(l.unitPrice, l.quantity),
})
formulas(SheetLine, {
  // @ts-expect-error a share is a decimal
  amount: (l) => coalesce(share(l.unitPrice, l.sheet.margin), '0'),
})
formulas(SheetLine, {
  // @ts-expect-error amounts are written as digits
  amount: (l) => coalesce(l.unitPrice, 0),
})
formulas(SheetLine, {
  // @ts-expect-error not a digit
  amount: (l) => coalesce(l.unitPrice, 'nothing'),
})
formulas(SheetLine, {
  // @ts-expect-error the row has no such list
  amount: (l) => l.lines.sum((each: never) => each),
})
formulas(SheetLine, {
  // @ts-expect-error lists have no such function
  amount: (l) => l.sheet.lines.total((each: never) => each),
})
formulas(SheetLine, {
  // @ts-expect-error filters know the fields of the row
  amount: (l) => l.sheet.lines.sum((each) => each.unitPrice, { quantety: { over: 1 } }),
})
formulas(SheetLine, {
  // @ts-expect-error texts are not summed
  amount: (l) => l.sheet.lines.sum((each) => each.product.name),
})
formulas(SheetLine, {
  // @ts-expect-error the smallest of none is null
  amount: (l) => l.sheet.lines.min((each) => each.unitPrice),
})
formulas(SheetLine, {
  amount: (l) =>
    coalesce(
      // @ts-expect-error first says in what order
      l.sheet.lines.first((each) => each.unitPrice),
      '0',
    ),
})
formulas(SheetLine, {
  amount: (l) =>
    coalesce(
      // @ts-expect-error sort names fields
      l.sheet.lines.first((each) => each.unitPrice, { sort: ['-quantty'] }),
      '0',
    ),
})
formulas(SheetLine, {
  amount: (l) => times(l.unitPrice, l.quantity),
  // @ts-expect-error not computed
  quantity: (l) => l.quantity,
})
// @ts-expect-error a formula is missing
formulas(SheetLine, {})
formulas(SheetLine, {
  // @ts-expect-error not a condition: it is no boolean
  amount: { quantity: { over: 1 } },
})
formulas(SheetLine, {
  // @ts-expect-error cases need a rest
  amount: { cases: [{ if: { quantity: 1 }, then: '5' }] },
})
formulas(SheetLine, {
  // @ts-expect-error cases look at fields of the row
  amount: { cases: [{ if: { quantitty: 1 }, then: '5' }], otherwise: '0' },
})
formulas(SheetLine, {
  amount: (l) =>
    when(
      l,
      [
        // @ts-expect-error conditions look at fields of the row
        { if: { quantitty: 1 }, then: l.unitPrice },
      ],
      l.unitPrice,
    ),
})
formulas(SheetLine, {
  // @ts-expect-error days are between days
  amount: (l) => times(l.unitPrice, days(today, l.quantity)),
})
formulas(SheetLine, {
  // @ts-expect-error only texts have letters
  amount: (l) => times(l.unitPrice, length(lower(l.quantity))),
})
formulas(SheetLine, {
  // @ts-expect-error round says to how many digits
  amount: (l) => round(l.unitPrice),
})
// @ts-expect-error minus knows numbers only
minus(today, today)
// @ts-expect-error texts and numbers alone
concat(today)
// @ts-expect-error no such unit
shift(today, 1, 'weeks')
entity('Wrong', {
  fields: { name: string() },
  // @ts-expect-error computed values have types, as fields do
  computed: { total: 'money' },
})
entity('Wrong', {
  fields: { name: string() },
  computed: { total: money() },
  // @ts-expect-error neither field nor computed field
  display: 'totals',
})
entity('Wrong', {
  fields: { name: string() },
  computed: { count: int() },
  // @ts-expect-error neither field nor computed field; that it is not stored is told when the app is loaded
  unique: [['counts']],
})

defaults(Sheet, {
  // @ts-expect-error another type
  dueOn: (o) => o.number,
})
defaults(Sheet, {
  // @ts-expect-error no such field
  dueAt: () => shift(today, 14, 'days'),
})
defaults(Sheet, {
  // @ts-expect-error computed fields have formulas
  total: (o) => o.margin,
})
