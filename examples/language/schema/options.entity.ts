import { choice, date, datetime, entity, int, money, one, period, row, string, text } from 'rowhouse/schema'

export const Country = entity('Country', {
  // reference: Definition.tenant
  tenant: false,
  // reference: Definition.key
  key: 'code',
  // reference: Definition.builtIns
  builtIns: { createdAt: 'made_at', deletedAt: false },
  fields: { code: string({ max: 2 }), name: string() },
})

export const Machine = entity('Machine', {
  // reference: Definition.note
  note: 'What customers borrow.',
  // reference: Definition.label
  label: 'Power tool',
  // reference: Definition.ui
  ui: { icon: 'drill', order: 3 },
  // reference: Definition.display
  display: 'name',
  // reference: Definition.id
  id: 'int64',
  // reference: Definition.table
  table: 'tools',
  // reference: Definition.fields
  fields: {
    name: string({ max: 80 }),
    serial: string({ max: 40 }),
    price: money({ currency: 'EUR' }),
    boughtOn: date(),
  },
  // reference: Definition.relations
  relations: { madeIn: one('Country', { optional: true }) },
  // reference: Definition.sort
  sort: ['-boughtOn', 'name'],
  // reference: Definition.unique
  unique: [['name', 'serial'], { on: ['serial'], removed: 'counted' }],
  // reference: Definition.indexes
  indexes: [{ on: ['madeIn', '-boughtOn'], include: ['name'] }],
})

export const Loan = entity('Loan', {
  // reference: Definition.history
  history: true,
  // reference: Definition.events
  events: ['created', 'updated'],
  // reference: Definition.hooks
  hooks: { beforeCreate: 'actions/check-loan', onChange: { returnedOn: 'actions/check-loan' } },
  fields: {
    days: period({ of: 'date' }),
    askedOn: date(),
    returnedOn: date({ optional: true }),
    reason: text({ optional: true }),
  },
  relations: { machine: one('Machine') },
  // reference: Definition.lifecycle
  lifecycle: {
    initial: 'asked',
    states: { asked: 'Asked for', lent: 'Lent', back: { label: 'Back', color: 'green' } },
    transitions: { lend: { from: 'asked', to: 'lent' }, takeBack: { from: 'lent', to: 'back' } },
  },
  // reference: Definition.actions
  actions: { remind: { input: { message: text({ max: 500 }) }, runs: 'workers/remind' } },
  // reference: Definition.rules
  rules: { 'nothing comes back before it was asked for': { returnedOn: { atLeast: row('askedOn') } } },
  // reference: Definition.noOverlap
  noOverlap: { 'A machine is lent to one customer at a time.': { on: ['machine'], during: 'days' } },
})

export const Reading = entity('Reading', {
  // reference: Definition.immutable
  immutable: true,
  fields: { hours: int({ min: 0 }) },
  relations: { machine: one('Machine', { onDelete: 'cascade' }) },
})

export const News = entity('News', {
  // reference: Definition.plural
  plural: 'NewsItems',
  // reference: Definition.deprecated
  deprecated: 'read the letters',
  // reference: Definition.expires
  expires: 'until',
  // reference: Definition.search
  search: { headline: 'A' },
  // reference: Definition.searchLanguage
  searchLanguage: 'english',
  fields: { headline: string(), until: datetime({ optional: true }) },
})

export const Visitor = entity('Visitor', {
  // reference: Definition.pii
  pii: true,
  fields: { name: string(), kind: choice(['guest', 'press'], { default: 'guest' }) },
})

export const Shelf = entity('Shelf', {
  // reference: Definition.tree
  tree: 'inside',
  fields: { name: string() },
  relations: { inside: one('Shelf', { optional: true, onRemove: 'cascade' }) },
})

export const LoansOfMachine = entity('LoansOfMachine', {
  // reference: Definition.sql
  sql: 'reports/loans-of-machine.sql',
  // reference: Definition.refresh
  refresh: 'onDemand',
  key: 'machine',
  plural: 'LoansOfMachines',
  fields: { loans: int(), latest: date() },
  relations: { machine: one('Machine') },
})

export const Turnover = entity('Turnover', {
  // reference: AdoptViewOptions.view
  adopt: { view: 'books.turnover' },
  tenant: { column: 'company_id' },
  key: 'month',
  fields: { month: date(), total: int() },
})
