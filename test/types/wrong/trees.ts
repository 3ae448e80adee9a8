import { condition } from 'rowhouse/policies'
import { entity, many, one, string } from 'rowhouse/schema'
import { actor } from '../policies/actor.ts'
import { Branch, Leaf } from '../schema/branch.entity.ts'

export const a = entity('Branch', {
  // @ts-expect-error no such relation
  tree: 'parnt',
  fields: { name: string() },
  relations: { parent: one('Branch', { optional: true }) },
})
export const b = entity('Branch', {
  // @ts-expect-error a field leads nowhere
  tree: 'name',
  fields: { name: string() },
  relations: { parent: one('Branch', { optional: true }) },
})
// @ts-expect-error up or down
export const c = many('Branch', { up: 'parent', down: 'parent' })
// @ts-expect-error up a tree, or the other side of a relation
export const d = many('Branch', { up: 'parent', by: 'parent' })
// @ts-expect-error misspelt option
export const e = many('Branch', { upp: 'parent' })
// @ts-expect-error unknown field of what lies above
export const f = condition(Branch, { ancestors: { some: { nmae: 'x' } } })
// @ts-expect-error of how many
export const g = condition(Branch, { ancestors: { closed: true } })
// @ts-expect-error people are no branches
export const h = condition(Leaf, { branch: { within: actor.id } })
// @ts-expect-error organizations are no branches
export const i = condition(Leaf, { branch: { within: actor.organizations } })
// @ts-expect-error an id in quotes could be of any entity
export const j = condition(Leaf, { branch: { within: 'x' } })
// @ts-expect-error a text lies in nothing
export const k = condition(Leaf, { name: { within: actor.branches } })
// @ts-expect-error misspelt
export const l = condition(Leaf, { branch: { whitin: actor.branches } })
// @ts-expect-error what lies above is many
export const m = condition(Branch, { ancestors: { within: actor.branches } })
