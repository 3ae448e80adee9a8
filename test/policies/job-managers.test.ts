import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { writtenRoles } from '../../policies/write/written-policy.ts'
import { modelOf } from '../schema/written-app.ts'

const app = (manages: boolean, plural = 'Letters') => ({
  'schema/all.entity.ts': `export const One = entity('Letter', { plural: '${plural}', fields: { text: string() }, relations: {} })`,
  'policies/all.ts': `
import { One } from '../schema/all.entity.ts'
export const OnePolicy = policy(One, { 'all': { allow: everyone, to: 'read' } })
export const roles = defineRoles({ clerk: 'Works.', manager: { note: 'Looks after jobs.', managesJobs: ${manages} } })`,
})
const functionOf = async (manages: boolean) =>
  buildCatalog(await modelOf(app(manages))).functions.find(({ name }) => name === 'manages_jobs')

test('a role that manages jobs may execute the function that says so, and nobody else by itself', async () => {
  expect(await functionOf(true)).toMatchObject({ execute: [':ROLE_MANAGER'], security: 'definer', owner: ':PRIVATE' })
  expect(await functionOf(false)).toBe(undefined)
})

test('it is written as it was said', async () => {
  const { roles } = await modelOf(app(true))
  expect(writtenRoles(roles).roles).toEqual({
    clerk: 'Works.',
    manager: { note: 'Looks after jobs.', managesJobs: true },
  })
})

test('an entity whose mutations would have the same names is refused', async () => {
  await expect(modelOf(app(true, 'FailedJobs'))).rejects.toMatchObject({
    problems: expect.arrayContaining([
      expect.objectContaining({ code: 'NAME_CLASH', hint: 'Rename the entity "Letter".' }),
    ]),
  })
})
