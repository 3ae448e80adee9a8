import { anything, everyone, policy, signedIn } from 'rowhouse/policies'
import { ours } from '../policies/right.policy.ts'
import { Order } from '../schema/order.entity.ts'

export const P = policy(Order, {
  // @ts-expect-error unknown role
  'unknown role': { allow: 'slaes', to: 'read' },
  // @ts-expect-error unknown role
  'unknown role in a list': { allow: ['sales', 'slaes'], to: 'read' },
  // @ts-expect-error a list of roles is never empty
  'no role': { allow: [], to: 'read' },
  // @ts-expect-error unknown verb
  'unknown verb': { allow: 'sales', to: 'aprove' },
  // @ts-expect-error unknown verb
  'unknown verb in a list': { allow: 'sales', to: ['read', 'aprove'] },
  // @ts-expect-error a verb is needed
  'no verb': { allow: 'sales' },
  // @ts-expect-error somebody is needed
  nobody: { to: 'read' },
  // @ts-expect-error both at once
  'allow and deny': { allow: 'sales', deny: signedIn, to: 'read' },
  // @ts-expect-error a role never loses rights
  'deny to a role': { deny: 'sales', to: 'read' },
  // @ts-expect-error a role never loses rights
  'deny to a list': { deny: ['sales'], to: 'read' },
  // @ts-expect-error the words are no texts
  'a word in quotes': { allow: 'signedIn', to: 'read' },
  // @ts-expect-error the words are no texts
  'a verb word in quotes': { allow: 'sales', to: 'anything' },
  // @ts-expect-error unless belongs to deny
  'unless on allow': { allow: 'sales', to: 'read', unless: { status: 'draft' } },
  // @ts-expect-error becoming belongs to update
  'becoming on read': { allow: 'sales', to: 'read', becoming: { customer: ours } },
  // @ts-expect-error becoming belongs to update
  'becoming on create': { allow: 'sales', to: 'create', becoming: { customer: ours } },
  // @ts-expect-error becoming belongs to update alone
  'becoming on create and update': { allow: 'sales', to: ['create', 'update'], becoming: 'anything' },
  // @ts-expect-error becoming belongs to update
  'becoming on a transition': { allow: 'sales', to: 'approve', becoming: 'anything' },
  // @ts-expect-error becoming belongs to allow
  'becoming on deny': { deny: signedIn, to: 'update', becoming: { customer: ours } },
  // @ts-expect-error whole rows are approved
  'only on a transition': { allow: 'sales', to: ['read', 'approve'], only: ['margin'] },
  // @ts-expect-error it does not say for whom
  'a reserve for nobody': { reserve: ['margin'], to: 'read' },
  // @ts-expect-error unknown field
  'a reserve of an unknown field': { reserve: ['margn'], to: 'read', for: 'lead' },
  // @ts-expect-error whole rows are removed
  'a reserve of removing': { reserve: ['margin'], to: 'remove', for: 'lead' },
  // @ts-expect-error unknown role
  'a reserve for an unknown role': { reserve: ['margin'], to: 'read', for: 'leed' },
  // @ts-expect-error fields are read, given and changed
  'only on anything': { allow: 'sales', to: anything, only: ['margin'] },
  // @ts-expect-error fields belong to allow
  'only on deny': { deny: everyone, to: 'update', only: ['margin'] },
  // @ts-expect-error unknown field
  'unknown field in only': { allow: 'sales', to: 'update', only: ['margn'] },
  // @ts-expect-error nobody writes a built-in field
  'built-in field in only': { allow: 'sales', to: 'update', only: ['createdAt'] },
  // @ts-expect-error nobody writes the state
  'state in except': { allow: 'sales', to: 'update', except: ['status'] },
  // @ts-expect-error other rows hold these
  'to-many in only': { allow: 'sales', to: 'update', only: ['lines'] },
  // @ts-expect-error an empty list covers nothing
  'nothing in only': { allow: 'sales', to: 'update', only: [] },
  // @ts-expect-error unknown word
  'misspelt word': { allow: 'sales', to: 'read', whre: { status: 'draft' } },
})

export const Twice = policy(Order, {
  // biome-ignore lint/suspicious/noDuplicateObjectKeys: the point
  'same title': { allow: 'sales', to: 'read' },
  // @ts-expect-error titles are unique
  'same title': { allow: 'lead', to: 'read' },
})

// @ts-expect-error a name is no entity
export const Named = policy({ name: 'Order' }, {})
