import { anything, now, policy, signedIn } from 'rowhouse/policies'
import { Order } from '../schema/order.entity.ts'
import { actor } from './actor.ts'
import { inMyRegion, managed, modest, ours } from './conditions.ts'

export const OrderPolicy = policy(Order, {
  'admins do anything': { allow: 'admin', to: anything },
  'sales sees the orders of its customers': { allow: 'sales', to: 'read', where: { customer: ours } },
  'leads see the orders of their region': { allow: 'lead', to: 'read', where: { customer: inMyRegion } },
  'accountants see what was placed': {
    allow: 'accountant',
    to: 'read',
    where: { status: { notIn: ['draft', 'quoted', 'cancelled'] } },
  },
  'sales takes orders in its own name': {
    allow: 'sales',
    to: 'create',
    where: { customer: ours, placedBy: actor.id },
    except: ['margin'],
  },
  'drafts are edited, but not handed to customers of others': {
    allow: 'sales',
    to: 'update',
    where: { customer: ours, status: 'draft' },
    becoming: { customer: ours },
    except: ['margin'],
  },
  'managers set the margin': {
    allow: 'sales',
    to: 'update',
    where: { customer: managed, status: { in: ['draft', 'placed'] } },
    only: ['margin'],
  },
  'leads set the margin of large orders': {
    allow: 'lead',
    to: 'update',
    where: { customer: inMyRegion, status: { in: ['draft', 'placed'] }, not: modest },
    only: ['margin'],
  },
  'sales removes its own drafts, managers those of everybody': {
    allow: 'sales',
    to: ['remove', 'restore'],
    where: { status: 'draft', anyOf: [{ customer: ours, placedBy: actor.id }, { customer: managed }] },
  },
  'sales quotes, places, cancels and repeats': {
    allow: 'sales',
    to: ['quote', 'rework', 'accept', 'place', 'cancel', 'duplicate'],
    where: { customer: ours },
  },
  'accountants bill orders': { allow: 'accountant', to: 'bill' },
  'managers approve modest orders, never their own': {
    allow: 'sales',
    to: 'approve',
    where: { allOf: [modest], customer: managed, placedBy: { isNot: actor.id } },
  },
  'leads approve orders of any size, never their own': {
    allow: 'lead',
    to: 'approve',
    where: { customer: inMyRegion, placedBy: { isNot: actor.id } },
  },
  'a quote is accepted while it stands': {
    deny: signedIn,
    to: 'accept',
    unless: { quotedUntil: { atLeast: now } },
    because: 'The quote has run out: rework it.',
  },
  'only drafts are deleted for good': {
    deny: signedIn,
    to: 'delete',
    unless: { status: 'draft' },
    because: 'An order that was placed is kept: cancel or remove it.',
  },
})
