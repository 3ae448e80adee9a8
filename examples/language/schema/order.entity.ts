import {
  abs,
  ago,
  ahead,
  amount,
  boolean,
  choice,
  coalesce,
  concat,
  date,
  datetime,
  dayOf,
  days,
  decimal,
  decimalOf,
  defaults,
  dividedBy,
  entity,
  eur,
  formulas,
  greatest,
  hasOne,
  int,
  int64,
  least,
  left,
  length,
  lower,
  many,
  minus,
  minutes,
  money,
  nowAt,
  one,
  oneOf,
  part,
  partOf,
  plus,
  round,
  row,
  share,
  shift,
  startOf,
  string,
  test,
  times,
  today,
  upper,
  usd,
  when,
} from 'rowhouse/schema'

// reference: entity
export const Person = entity('Person', { tenant: false, fields: { name: string({ max: 80 }) } })

export const Customer = entity('Customer', {
  display: 'name',
  fields: { name: string({ max: 80 }), country: string({ optional: true, max: 2 }) },
  relations: {
    // reference: many
    orders: many('Order', { by: 'customer' }),
  },
})

export const Assignment = entity('Assignment', {
  fields: {},
  relations: { person: one('Person'), customer: one('Customer') },
})

export const Order = entity('Order', {
  fields: {
    code: string({ max: 20 }),
    // reference: ahead
    wantedOn: date({ default: ahead({ days: 14 }) }),
    // reference: ago
    countsFrom: date({ default: ago({ months: 1 }) }),
    promisedOn: date({ optional: true }),
    placedAt: datetime({ default: 'now' }),
    shippedAt: datetime({ optional: true }),
    discount: money({ currency: 'EUR', optional: true }),
    tip: money({ currency: 'SEK', default: '0' }),
    gift: money({ currency: 'USD', default: '0' }),
    reserve: money({ currency: 'EUR', default: '0' }),
  },
  relations: {
    // reference: one
    customer: one('Customer', { onRemove: 'cascade' }),
    lines: many('OrderLine', { by: 'order' }),
    // reference: hasOne
    invoice: hasOne('Invoice', { by: 'order' }),
  },
  computed: {
    total: money({ currency: 'EUR' }),
    left: money({ currency: 'EUR' }),
    withReserve: money({ currency: 'EUR' }),
    vat: money({ currency: 'EUR' }),
    perLine: money({ currency: 'EUR', optional: true }),
    part: decimal({ precision: 9, scale: 4, optional: true }),
    exact: decimal({ precision: 9, scale: 1 }),
    rounded: money({ currency: 'EUR' }),
    distance: money({ currency: 'EUR' }),
    most: money({ currency: 'EUR' }),
    least: money({ currency: 'EUR' }),
    due: date(),
    caption: string(),
    small: string(),
    capitals: string(),
    characters: int(),
    initials: string(),
    kind: choice(['large', 'small']),
    late: boolean(),
    waiting: int(),
    took: int({ optional: true }),
    reminder: date({ optional: true }),
    month: int(),
    firstDay: date(),
    localDay: date(),
    age: int(),
    minutesOld: int64(),
  },
  rules: {
    // reference: row
    'promised no earlier than wanted': { promisedOn: { atLeast: row('wantedOn') } },
    // reference: amount
    'tips are small': { tip: { under: amount('SEK', '500') } },
    // reference: usd
    'gifts are small': { gift: { atMost: usd('100') } },
    // reference: eur
    'reserves are not negative': { reserve: { atLeast: eur('0') } },
  },
})

export const OrderLine = entity('OrderLine', {
  fields: { quantity: int({ min: 1 }), price: money({ currency: 'EUR' }) },
  relations: {
    // reference: partOf
    order: partOf('Order', { ordered: true }),
  },
  // reference: Definition.computed
  computed: { amount: money({ currency: 'EUR' }) },
})

export const Invoice = entity('Invoice', { fields: {}, relations: { order: one('Order', { unique: true }) } })

export const Note = entity('Note', {
  fields: { words: string({ max: 200 }) },
  relations: {
    // reference: oneOf
    subject: oneOf(['Order', 'Invoice'], { onDelete: 'cascade' }),
  },
})

// reference: formulas
export const OrderLineFormulas = formulas(OrderLine, { amount: (line) => times(line.price, line.quantity) })

export const OrderFormulas = formulas(Order, {
  total: (o) => o.lines.sum((l) => l.amount),
  // reference: minus
  left: (o) => minus(o.total, o.reserve),
  // reference: plus
  withReserve: (o) => plus(o.total, o.reserve),
  // reference: times
  vat: (o) => times(o.total, '0.19'),
  // reference: dividedBy
  perLine: (o) => dividedBy(o.total, o.lines.count()),
  // reference: share
  part: (o) => share(o.reserve, o.total),
  // reference: decimalOf
  exact: (o) => decimalOf(o.lines.count()),
  // reference: round
  rounded: (o) => round(o.total, 0),
  // reference: abs
  distance: (o) => abs(minus(o.total, o.reserve)),
  // reference: greatest
  most: (o) => greatest(o.total, o.reserve),
  // reference: least
  least: (o) => least(o.total, o.reserve),
  // reference: coalesce
  due: (o) => coalesce(o.promisedOn, o.wantedOn),
  // reference: concat
  caption: (o) => concat(o.code, ' for ', o.customer.name),
  // reference: lower
  small: (o) => lower(o.code),
  // reference: upper
  capitals: (o) => upper(o.code),
  // reference: length
  characters: (o) => length(o.code),
  // reference: left
  initials: (o) => left(o.code, 2),
  // reference: when
  kind: (o) => when(o, [{ if: { total: { over: eur('500') } }, then: 'large' }], 'small'),
  // reference: test
  late: (o) => test(o, { shippedAt: null }),
  // reference: days
  waiting: (o) => days(o.placedAt, nowAt),
  // reference: minutes
  took: (o) => minutes(o.placedAt, o.shippedAt),
  // reference: shift
  reminder: (o) => shift(o.wantedOn, -2, 'days'),
  // reference: part
  month: (o) => part(o.wantedOn, 'month'),
  // reference: startOf
  firstDay: (o) => startOf(o.wantedOn, 'month'),
  // reference: dayOf
  localDay: (o) => dayOf(o.placedAt, 'Europe/Berlin'),
  // reference: today
  age: (o) => days(o.wantedOn, today),
  // reference: nowAt
  minutesOld: (o) => minutes(o.placedAt, nowAt),
})

// reference: defaults
export const OrderDefaults = defaults(Order, { promisedOn: (o) => shift(o.wantedOn, 7, 'days') })
