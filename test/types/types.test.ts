import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadModel } from '#policies'
import { typesFile } from '#schema'
import { compile, scratchFolder } from './compile.ts'

const here = import.meta.dirname

test('the app compiles, and every mistake in wrong/ is refused', async () => {
  expect((await compile(here)).messages).toEqual([])
})

test('what the compiler accepts, the checks of the model accept', async () => {
  const { model } = await loadModel(here)
  expect(model.entities.map(({ name }) => name)).toContain('Receipt')
})

test.each(['test/types', 'examples/invoicing'])('the registry of %s is the one generated now', async (app) => {
  const folder = join(here, '../..', app)
  const { entities, roles } = (await loadModel(folder)).exports
  const text = typesFile({
    entities: entities.map(({ entity, file, name }) => ({ name: entity, file, exported: name })),
    roles: roles === null ? null : { file: roles.file, exported: roles.name },
  })
  expect(readFileSync(join(folder, '.rowhouse/types.d.ts'), 'utf8')).toBe(text)
})

test('what the compiler says about each mistake is readable', async () => {
  using folder = scratchFolder()
  for (const part of ['.rowhouse', 'schema', 'policies', 'wrong', 'tsconfig.json'])
    cpSync(join(here, part), join(folder.path, part), { recursive: true })
  for (const file of globSync('wrong/*.ts', { cwd: folder.path })) {
    const path = join(folder.path, file)
    // The line stays, so that the places in the messages are those of the files.
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('@ts-expect-error', 'wrong:'))
  }
  const { messages } = await compile(folder.path)
  const mistakes = globSync('wrong/*.ts', { cwd: here }).flatMap((file) =>
    [...readFileSync(join(here, file), 'utf8').matchAll(/@ts-expect-error/g)].map(() => file),
  )
  expect(mistakes.length).toBeGreaterThan(150)
  await expect(`${messages.join('\n')}\n`).toMatchFileSnapshot('messages.txt')
  // Nobody reads on after that.
  expect(messages.filter((line) => line.length > 600)).toEqual([])
})
