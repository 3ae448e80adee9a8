import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { modelOf } from '../schema/written-app.ts'
import { till } from './till.ts'

const functionOf = async (files: Record<string, string>) =>
  buildCatalog(await modelOf(files)).functions.find(({ name }) => name === 'publishes_scripts')

test('a role that publishes may execute the function that says so, and nobody else by itself', async () => {
  expect(await functionOf(till)).toMatchObject({ execute: [':ROLE_ADMIN'], security: 'definer', owner: ':PRIVATE' })
})

test('without such a role there is none, and nothing in the model', async () => {
  const files = {
    ...till,
    'policies/all.ts': till['policies/all.ts']!.replace('publishesScripts: true', 'publishesScripts: false'),
  }
  expect(await functionOf(files)).toBe(undefined)
  expect((await modelOf(files)).roles).toContainEqual({ name: 'admin', note: 'Runs the shop.', includes: ['clerk'] })
})

test.each([
  ['Script', ''],
  ['TenantScript', ''],
  ['Other', `plural: 'TenantScripts', `],
])('an entity whose mutations would have the same names is refused: %s', async (name, more) => {
  const files = {
    'schema/all.entity.ts': `export const One = entity('${name}', { ${more}fields: { text: string() }, relations: {} })`,
    'policies/all.ts': `
import { One } from '../schema/all.entity.ts'
export const OnePolicy = policy(One, { 'all': { allow: everyone, to: 'read' } })
export const roles = defineRoles({ admin: { note: 'x', publishesScripts: true } })`,
  }
  await expect(modelOf(files)).rejects.toMatchObject({
    problems: expect.arrayContaining([
      expect.objectContaining({
        ...{ code: 'NAME_CLASH', hint: `Rename the entity "${name}".` },
        at: expect.objectContaining({ file: 'policies/all.ts' }),
      }),
    ]),
  })
})
