import {
  boolean,
  choice,
  coalesce,
  datetime,
  decimal,
  dict,
  embed,
  entity,
  formulas,
  hasOne,
  int,
  list,
  many,
  one,
  partOf,
  period,
  shape,
  string,
  times,
} from 'rowhouse/schema'

export const User = entity('User', { tenant: false, fields: { name: string({ max: 40 }) } })

/** The tenant is the row. */
export const Firm = entity('Firm', {
  tenant: 'self',
  fields: { name: string({ max: 40 }), quota: int({ optional: true }) },
  relations: { deals: many('Deal', { by: 'firm' }) },
})

/** Of a tenant, or of all; with parts, which have faces too. */
export const Rate = entity('Rate', {
  tenant: 'shared',
  fields: { name: string({ max: 40, unique: true }), open: boolean(), cost: decimal({ precision: 9, scale: 2 }) },
  relations: { steps: many('RateStep', { by: 'rate' }), deals: many('Deal', { by: 'rate' }) },
})
export const RateStep = entity('RateStep', {
  tenant: 'shared',
  fields: { text: string({ max: 40 }), open: boolean(), price: int() },
  relations: { rate: partOf('Rate', { ordered: true }) },
})

/** Of nobody, under a key that means something. */
export const Country = entity('Country', {
  tenant: false,
  key: 'code',
  plural: 'Countries',
  fields: { code: string({ max: 2 }), open: boolean(), risk: int({ optional: true }) },
  relations: { deals: many('Deal', { by: 'country' }) },
})

export const Pass = entity('Pass', {
  expires: 'until',
  plural: 'Passes',
  fields: {
    open: boolean(),
    until: datetime({ optional: true }),
    pin: string({ max: 9, unique: true, ignoreCase: true }),
  },
  relations: { deal: one('Deal', { unique: true }) },
})

/** Linked to deals. */
export const Label = entity('Label', {
  fields: { name: string({ max: 40 }), open: boolean(), weight: int() },
  relations: { deals: many('Deal', { by: 'labels' }) },
})

/** Under another; a key of two fields. */
export const Site = entity('Site', {
  tree: 'above',
  fields: { name: string({ max: 40 }), open: boolean(), rent: int({ optional: true }) },
  relations: {
    above: one('Site', { optional: true }),
    below: many('Site', { by: 'above' }),
    deals: many('Deal', { by: 'site' }),
  },
})

export const Slot = entity('Slot', {
  key: ['aisle', 'at'],
  fields: { aisle: string({ max: 9 }), at: int(), open: boolean(), load: int() },
})

/** The one in the middle, with a hidden field of each kind. */
export const Deal = entity('Deal', {
  history: true,
  fields: {
    number: string({ max: 20, unique: true }),
    open: boolean(),
    price: int({ min: 0 }),
    margin: decimal({ precision: 9, scale: 2 }),
    memo: string({ max: 200, optional: true, pii: true }),
    grade: choice(['gold', 'iron'], { optional: true }),
    due: datetime({ optional: true }),
    marks: list(string({ max: 20 }), { max: 5 }),
    stock: dict({ values: int({ min: 0 }), max: 9 }),
    stay: period({ of: 'date', optional: true }),
    spot: shape({ street: string({ max: 40 }) }, { optional: true }),
    terms: embed({ days: int(), place: string({ max: 40 }) }),
  },
  relations: {
    firm: one('Firm'),
    site: one('Site'),
    rate: one('Rate'),
    country: one('Country'),
    /** Hidden itself. */
    broker: one('Site', { optional: true }),
    placedBy: one('User', { default: 'actor' }),
    labels: many('Label', { link: true }),
    items: many('Item', { by: 'deal' }),
    notes: many('Note', { by: 'deal' }),
    pass: hasOne('Pass', { by: 'deal' }),
  },
  computed: { profit: decimal({ precision: 20, scale: 2, optional: true }), known: string({ optional: true }) },
  indexes: [{ on: ['margin'] }],
})
export const DealFormulas = formulas(Deal, {
  profit: (d) => times(d.margin, 2),
  known: (d) => coalesce(d.memo, 'none'),
})

export const Item = entity('Item', {
  fields: { text: string({ max: 40 }), open: boolean(), cost: int() },
  relations: { deal: partOf('Deal', { ordered: true }) },
})

/** Says that it hides something. */
export const Note = entity('Note', {
  fields: { text: string({ max: 40 }), open: boolean(), tone: string({ max: 20, optional: true }) },
  relations: { deal: one('Deal', { onDelete: 'cascade' }) },
})

/** Reads what has faces. */
export const SiteReport = entity('SiteReport', {
  sql: 'reports/site-sum.sql',
  key: 'site',
  fields: { count: int(), margin: decimal({ precision: 20, scale: 2 }) },
  relations: { site: one('Site') },
})
