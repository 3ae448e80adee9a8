import { boolean, entity, many, one, string } from 'rowhouse/schema'

export const Branch = entity('Branch', {
  tree: 'parent',
  fields: { name: string(), closed: boolean() },
  relations: {
    parent: one('Branch', { optional: true }),
    owner: one('User', { optional: true }),
    ancestors: many('Branch', { up: 'parent' }),
    descendants: many('Branch', { down: 'parent' }),
  },
})

export const Leaf = entity('Leaf', { fields: { name: string() }, relations: { branch: one('Branch') } })

export const BranchMember = entity('BranchMember', {
  fields: {},
  relations: { user: one('User'), branch: one('Branch') },
})
