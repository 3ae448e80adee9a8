import {
  boolean,
  choice,
  coalesce,
  concat,
  date,
  days,
  decimal,
  defaults,
  entity,
  formulas,
  hasOne,
  int,
  length,
  many,
  minus,
  money,
  one,
  shift,
  string,
  text,
  times,
  today,
  usd,
} from 'rowhouse/schema'

export const Sheet = entity('Sheet', {
  display: 'label',
  fields: {
    number: string({ max: 20 }),
    wantedOn: date({ optional: true }),
    dueOn: date(),
    notes: text({ optional: true }),
    margin: money({ currency: 'USD', default: '0' }),
  },
  computed: {
    total: money({ currency: 'USD' }),
    profit: money({ currency: 'USD' }),
    averagePrice: money({ currency: 'USD', optional: true }),
    lineCount: int(),
    label: string(),
    isLate: boolean(),
    size: choice(['small', 'large']),
    daysLeft: int({ optional: true }),
    approver: string({ optional: true }),
    discount: decimal({ precision: 6, scale: 3, optional: true }),
  },
  relations: {
    customer: one('Customer'),
    approvedBy: one('User', { optional: true }),
    lines: many('SheetLine', { by: 'sheet' }),
    copy: hasOne('SheetCopy', { by: 'sheet' }),
  },
  lifecycle: {
    initial: 'draft',
    states: ['draft', 'placed'],
    transitions: {
      place: { from: 'draft', to: 'placed', when: { lineCount: { over: 0 }, total: { over: usd('0') } } },
    },
  },
})

export const SheetLine = entity('SheetLine', {
  fields: {
    quantity: int({ min: 1 }),
    unitPrice: money({ currency: 'USD', default: '0' }),
    discount: decimal({ precision: 6, scale: 3, default: '0' }),
  },
  computed: { amount: money({ currency: 'USD' }) },
  relations: { sheet: one('Sheet', { onDelete: 'cascade', onRemove: 'cascade' }), product: one('Product') },
})

export const SheetCopy = entity('SheetCopy', { fields: {}, relations: { sheet: one('Sheet', { unique: true }) } })

export const SheetFormulas = formulas(Sheet, {
  total: (o) => o.lines.sum((l) => l.amount),
  profit: (o) => minus(o.total, o.margin),
  averagePrice: (o) => o.lines.average((l) => l.unitPrice, { quantity: { over: 1 } }),
  lineCount: (o) => o.lines.count(),
  label: (o) => concat(o.number, ' ', coalesce(o.notes, '-'), ' ', length(o.customer.name)),
  isLate: { wantedOn: { before: '2026-01-01' } },
  size: { cases: [{ if: { total: { over: usd('500') } }, then: 'large' }], otherwise: 'small' },
  daysLeft: (o) => days(today, o.wantedOn),
  approver: (o) => o.approvedBy.name,
  discount: (o) => o.lines.first((l) => l.discount, { sort: ['-quantity'] }),
})

export const SheetDefaults = defaults(Sheet, { dueOn: (o) => shift(coalesce(o.wantedOn, '2026-01-01'), 14, 'days') })

export const SheetLineFormulas = formulas(SheetLine, {
  amount: (l) => times(times(l.unitPrice, l.quantity), minus(1, l.discount)),
})
