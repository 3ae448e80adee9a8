import { describe, expect, test } from 'vitest'
import { explainEntity, explanationText, modelJson, printApp, readModelJson } from '#policies'
import type { Model } from '#schema'
import { testMistakes } from '../../schema/mistakes.ts'
import { type AppFiles, modelOf } from '../../schema/written-app.ts'

const id = '0190c5a0-7c1e-7000-8000-00000000000a'

/** Folders in a tree, papers in folders, and a rule on either. */
function app({ folder = '{ locked: false }', paper = '{ pages: 1 }', reach = "via: 'Member', as: 'user'" }): AppFiles {
  return {
    'schema/all.entity.ts': `export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Folder = entity('Folder', {
  tree: 'parent',
  fields: { locked: boolean() },
  relations: {
    parent: one('Folder', { optional: true }), owner: one('User'),
    ancestors: many('Folder', { up: 'parent' }), descendants: many('Folder', { down: 'parent', note: 'All in it.' }),
  },
})
export const Paper = entity('Paper', { fields: { pages: int() }, relations: { folder: one('Folder'), author: one('User') } })
export const Member = entity('Member', { fields: {}, relations: { folder: one('Folder'), user: one('User') } })`,
    'policies/all.ts': `import { Folder, Member, Paper, User } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', staff: 'Works.' })
const { reach } = words(User)
export const actor = defineActor(User, { folders: reach('Folder', { ${reach} }) })
const all = { allow: 'admin', to: anything } as const
export const UserPolicy = policy(User, { all })
export const MemberPolicy = policy(Member, { all })
export const FolderPolicy = policy(Folder, { all, rule: { allow: 'staff', to: 'read', where: ${folder} } })
export const PaperPolicy = policy(Paper, { all, rule: { allow: 'staff', to: 'read', where: ${paper} } })`,
  }
}

const whereOf = (model: Model, entity: string) =>
  model.policies.find((each) => each.entity === entity)!.rules.find(({ title }) => title === 'rule')!.where

const mine = { kind: 'compare', on: 'owner', op: 'is', to: { kind: 'actor', name: 'id' } }
const some = { kind: 'many', relation: 'ancestors', how: 'some', where: mine }
const within = (on: string, to: object) => ({ kind: 'compare', on, op: 'within', to })

describe('what is said of trees', () => {
  test.each([
    ['Folder', '{ ancestors: { some: { owner: actor.id } } }', some],
    ['Folder', '{ descendants: { every: { locked: true } } }', undefined],
    ['Folder', '{ id: { within: actor.folders } }', within('id', { kind: 'actor', name: 'folders' })],
    ['Folder', `{ parent: { within: '${id}' } }`, within('parent', { kind: 'value', value: id })],
    ['Paper', '{ folder: { within: actor.folders } }', within('folder', { kind: 'actor', name: 'folders' })],
    ['Paper', `{ folder: { within: ['${id}'] } }`, within('folder', { kind: 'list', values: [id] })],
    [
      'Paper',
      '{ folder: { ancestors: { some: { owner: actor.id } } } }',
      { kind: 'path', relation: 'folder', where: some },
    ],
    ['Paper', "{ folder: { ancestors: { some: { owner: row('author') } } } }", undefined],
    ['Paper', "{ folder: { ancestors: { none: may('read') } } }", undefined],
  ])('%s: %s', async (entity, where, expected) => {
    const model = await modelOf(app(entity === 'Folder' ? { folder: where } : { paper: where }))
    const found = whereOf(model, entity)
    if (expected !== undefined) expect(found).toEqual(expected)
    const text = modelJson(model)
    expect(modelJson(readModelJson(text).model)).toBe(text)
    expect(whereOf(await modelOf(printApp(model)), entity)).toEqual(found)
  })

  test('the relations, and what is reached above', async () => {
    const model = await modelOf(app({ reach: "via: 'Member', as: 'user', then: 'ancestors'" }))
    expect(model.entities.find(({ name }) => name === 'Folder')!.relations).toMatchObject([
      { kind: 'one', name: 'parent' },
      { kind: 'one', name: 'owner' },
      { kind: 'lineage', name: 'ancestors', to: 'Folder', by: 'parent', way: 'up', note: null },
      { kind: 'lineage', name: 'descendants', to: 'Folder', by: 'parent', way: 'down', note: 'All in it.' },
    ])
    expect(model.actor?.values[0]).toMatchObject({ kind: 'reach', name: 'folders', then: 'ancestors' })
    const text = modelJson(model)
    expect(modelJson(readModelJson(text).model)).toBe(text)
    const again = await modelOf(printApp(model))
    expect(again.actor).toEqual(model.actor)
    expect(again.entities).toEqual(model.entities)
  })

  test('in English', async () => {
    const folder = '{ anyOf: [{ descendants: { none: { locked: true } } }, { id: { within: actor.folders } }] }'
    const model = await modelOf(app({ folder, reach: "via: 'Member', as: 'user', then: 'descendants'" }))
    const text = explanationText(explainEntity(model, model.entities.find(({ name }) => name === 'Folder')!), model)
    expect(text).toContain('for none of its descendants (itself included)')
    expect(text).toContain('is, or lies below, one of actor.folders')
    expect(text).toContain('with all that are below one of them')
  })
})

const place = (folder: string) => app({ folder })

testMistakes('mistakes with trees', place, [
  ['nothing lies nowhere', [['CONDITION_CONSTANT', 'empty']], '{ ancestors: { empty: true } }'],
  ['of how many?', [['CONDITION_PATH_TO_MANY', 'locked']], '{ ancestors: { locked: true } }'],
  ['what is no tree', [['CONDITION_OPERATOR_INVALID', 'within']], '{ owner: { within: actor.id } }'],
  ['an empty list', [['CONDITION_EMPTY', '[]']], '{ id: { within: [] } }'],
  ['null', [['CONDITION_VALUE_INVALID', 'null']], '{ id: { within: null } }'],
  ['a word', [['CONDITION_VALUE_INVALID', "'root'"]], "{ id: { within: 'root' } }"],
  ['another column', [['CONDITION_VALUE_INVALID', "row('parent')"]], "{ id: { within: row('parent') } }"],
  ['somebody', [['CONDITION_VALUE_INVALID', 'actor.id']], '{ id: { within: actor.id } }'],
  ['a right that asks for itself', [['POLICY_MAY_CYCLE', "may('read')"]], "{ ancestors: { some: may('read') } }"],
])

testMistakes('mistakes with what is reached along a tree', (reach) => app({ reach }), [
  ['no relation', [['ACTOR_REACH_INVALID', "'ancestor'"]], "via: 'Member', as: 'user', then: 'ancestor'"],
  ['one step', [['ACTOR_REACH_INVALID', "'parent'"]], "via: 'Member', as: 'user', then: 'parent'"],
  [
    'a way to the caller',
    [['ACTOR_REACH_INVALID', "'folder.ancestors.owner'"]],
    "via: 'Member', as: 'folder.ancestors.owner'",
  ],
])
