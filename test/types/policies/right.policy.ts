import {
  ago,
  ahead,
  amount,
  anything,
  condition,
  eur,
  everyone,
  everyoneExcept,
  its,
  may,
  policy,
  row,
  signedIn,
  usd,
  was,
} from 'rowhouse/policies'
import { Customer, Order, OrderLine, Receipt } from '../schema/order.entity.ts'
import { Membership, Organization, User } from '../schema/people.entity.ts'
import { Product } from '../schema/product.entity.ts'
import { Sheet, SheetCopy, SheetLine } from '../schema/sheet.entity.ts'
import { actor } from './actor.ts'

export const ours = condition(Customer, { organization: actor.organizations, region: actor.region })
export const ourOrders = condition(Order, { customer: ours, not: { status: 'approved' } })

export const OrderPolicy = policy(Order, {
  'every verb': { allow: 'admin', to: anything },
  'a list of roles and verbs': {
    allow: ['sales', 'lead'],
    to: ['read', 'remove', 'restore', 'delete', 'approve', 'remind'],
  },
  'everyone signed in': { allow: signedIn, to: 'read', where: { placedBy: actor.id } },
  visitors: { allow: everyone, to: 'read', where: { number: { startsWith: 'P' } } },
  'fields of a new row': { allow: 'sales', to: 'create', where: { customer: ours }, except: ['margin', 'approvedBy'] },
  'given by the rule': {
    allow: 'sales',
    to: 'create',
    except: ['margin'],
    sets: { placedBy: actor.id, number: actor.badge, approvedBy: null },
  },
  'given by the rule afterwards': { allow: 'sales', to: 'update', only: ['number'], sets: { approvedBy: actor.id } },
  'some fields': { allow: 'sales', to: ['create', 'update'], only: ['number', 'customer'] },
  'old and new row': {
    allow: 'sales',
    to: 'update',
    where: { customer: ours },
    becoming: { customer: ours },
    only: ['customer'],
  },
  'a hand-over': { allow: 'sales', to: ['update'], where: ourOrders, becoming: 'anything', because: 'It is ours.' },
  'a denial': { deny: signedIn, to: 'delete', unless: { status: 'draft' }, because: 'It was placed.' },
  'a denial to nearly everyone': { deny: everyoneExcept('admin'), to: 'approve', unless: { status: 'draft' } },
  'nearly everyone': { allow: everyoneExcept('admin', 'lead'), to: 'read', where: { status: 'draft' } },
  'a denial of everything': { deny: everyone, to: anything, where: { customer: { name: 'nobody' } } },
  paths: {
    allow: 'sales',
    to: 'read',
    where: {
      customer: {
        organization: { in: actor.organizations },
        owner: { isNot: null },
        creditLimit: { atMost: usd('50000') },
      },
      approvedBy: null,
      placedBy: { isNot: actor.id },
      id: { isNot: null },
    },
  },
  'words of combination': {
    allow: 'sales',
    to: 'read',
    where: { allOf: [ourOrders, { wantedOn: null }], not: ourOrders, anyOf: [{ status: { in: ['draft', 'placed'] } }] },
  },
  'words about many': {
    allow: 'sales',
    to: 'read',
    where: {
      lines: { some: { quantity: { over: 1 } }, none: may('delete'), every: { product: may('read') } },
      receipt: { followers: { empty: false } },
      customer: may('read'),
      request: {
        mfa: true,
        ip: { inside: ['10.0.0.0/8'] },
        hour: { atLeast: 8, under: 18 },
        weekday: { notIn: ['sun'] },
      },
      actor: { role: { in: ['sales', 'lead'] }, badge: 'x' },
    },
  },
  'other values': {
    allow: 'sales',
    to: 'update',
    where: {
      promisedOn: { atLeast: row('wantedOn'), under: ahead({ days: 30 }) },
      approvedBy: { isNot: row('customer.owner') },
      createdAt: { over: ago({ days: 2 }) },
      lines: { some: { order: { number: its('customer.name') } } },
      request: { signedInFor: { under: { minutes: 5 } } },
    },
    becoming: { margin: { atMost: was('margin') }, customer: was('customer') },
  },
  'days and instants': {
    allow: 'sales',
    to: 'read',
    where: { wantedOn: { before: '2026-03-31', atLeast: actor.since }, createdAt: { after: '2026-03-31T12:00:00Z' } },
  },
})

export const ProductPolicy = policy(Product, {
  'every type': {
    allow: signedIn,
    to: 'read',
    where: {
      sku: { contains: actor.badge, endsWith: 'x', isNot: null },
      tags: { has: actor.badge, hasAny: ['a', 'b'], hasAll: ['c'], empty: false },
      prices: { has: eur('1.50'), isNot: null },
      origin: { isNot: null },
      stops: { empty: true },
      extra: null,
      counts: { empty: false },
      seal: { empty: false },
      description: null,
      kind: { isNot: 'service' },
      stock: { under: 5, over: actor.rank },
      barcode: { atLeast: 9007199254740993n },
      weight: 0.5,
      factor: { over: '1.5' },
      price: { atLeast: eur('5') },
      cost: { in: [eur('5'), amount('EUR', '-12.50')] },
      active: true,
      opensAt: { before: '17:30' },
      warranty: { atMost: 30 },
      launchedOn: { isNot: '2026-03-31' },
      deletedAt: null,
    },
  },
})

export const UserPolicy = policy(User, { 'one self': { allow: signedIn, to: 'read', where: { id: actor.id } } })
export const LinePolicy = policy(OrderLine, {
  'two hops': { allow: 'sales', to: 'read', where: { order: { customer: ours } } },
})
export const CustomerPolicy = policy(
  Customer,
  {
    'all but a limit': { allow: 'sales', to: 'read', except: ['creditLimit'] },
    'limits are kept': { reserve: ['creditLimit'], to: ['read', 'update'], for: 'lead', because: 'They are private.' },
    'but for my own': { reserve: ['creditLimit'], to: 'read', for: signedIn, where: { id: actor.customers } },
    'my own set of ids': { allow: 'sales', to: 'read', where: { id: actor.customers } },
    'the others, in words': { allow: 'lead', to: 'read', where: { id: { notIn: actor.customers } } },
  },
  { onHidden: 'error' },
)
export const OrganizationPolicy = policy(Organization, {
  'where I work': { allow: signedIn, to: 'read', where: { id: { in: actor.organizations } } },
})
export const MembershipPolicy = policy(Membership, {
  mine: { allow: signedIn, to: 'read', where: { user: { is: actor.id } } },
})
export const ReceiptPolicy = policy(Receipt, {
  ours: { allow: 'sales', to: 'read', where: { order: ourOrders } },
  'a link is covered by its name': { allow: 'sales', to: 'update', only: ['followers'] },
  'so is a relation to one of several': { allow: 'sales', to: 'update', except: ['followers', 'order'] },
  'it leads to one of them': { allow: 'sales', to: 'read', where: { subject: { Product: { sku: 'A' } } } },
  'or nowhere': { allow: 'sales', to: 'read', where: { subject: null } },
  'or somewhere': { allow: 'lead', to: 'read', where: { subject: { isNot: null } } },
  'or to another': { allow: 'lead', to: 'read', where: { anyOf: [{ subject: { Customer: { name: 'x' } } }] } },
})
export const SheetPolicy = policy(Sheet, {
  'computed values are fields to rules': {
    allow: 'sales',
    to: 'read',
    where: { total: { atMost: usd('50000') }, lineCount: { over: 0 }, isLate: false, label: { startsWith: 'S' } },
  },
})
export const SheetLinePolicy = policy(SheetLine, {
  all: { allow: 'sales', to: 'read', where: { sheet: { total: { over: usd('5') } } } },
})
export const SheetCopyPolicy = policy(SheetCopy, { all: { allow: 'sales', to: 'read' } })
