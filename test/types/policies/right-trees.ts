import { condition, policy, row } from 'rowhouse/policies'
import { Branch, BranchMember, Leaf } from '../schema/branch.entity.ts'
import { actor } from './actor.ts'

export const branches = [
  condition(Branch, { id: { within: actor.branches } }),
  condition(Branch, { parent: { within: actor.branches } }),
  condition(Branch, { ancestors: { some: { owner: actor.id } } }),
  condition(Branch, { ancestors: { none: { closed: true, parent: null } } }),
  condition(Branch, { descendants: { every: { closed: true, descendants: { some: { name: 'x' } } } } }),
  condition(Branch, { ancestors: { some: { owner: row('owner') } } }),
]

export const leaves = [
  condition(Leaf, { branch: { within: actor.branches } }),
  condition(Leaf, { branch: { ancestors: { some: { owner: actor.id } }, closed: false } }),
  condition(Leaf, { branch: { in: actor.aboveBranches } }),
]

export const BranchPolicy = policy(Branch, {
  'people update what lies below the branches that they were given': {
    allow: 'sales',
    to: 'update',
    where: { id: { within: actor.branches } },
    becoming: { ancestors: { some: { owner: actor.id } } },
  },
})
export const LeafPolicy = policy(Leaf, {
  'leaves below': { allow: 'sales', to: 'read', where: { branch: { within: actor.branches } } },
})
export const BranchMemberPolicy = policy(BranchMember, { 'people are known': { allow: 'sales', to: 'read' } })
