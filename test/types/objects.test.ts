import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadModel } from '#policies'
import { typesFile } from '#schema'
import { compile, scratchFolder } from './compile.ts'

test('value objects, periods and noOverlap: the right ones compile, the wrong ones are refused', async () => {
  using folder = scratchFolder()
  cpSync(join(import.meta.dirname, '../fixtures/objects'), folder.path, { recursive: true })
  cpSync(join(import.meta.dirname, 'tsconfig.json'), join(folder.path, 'tsconfig.json'))
  const { exports, model } = await loadModel(folder.path, { app: 'objects' })
  expect(model.entities.map(({ name }) => name)).toEqual(['Person', 'Trip'])
  mkdirSync(join(folder.path, '.rowhouse'))
  const entities = exports.entities.map(({ entity, file, name }) => ({ name: entity, file, exported: name }))
  const roles = { file: 'policies/trip.ts', exported: 'roles' }
  writeFileSync(join(folder.path, '.rowhouse/types.d.ts'), typesFile({ entities, roles }))
  expect((await compile(folder.path)).messages).toEqual([])
})
