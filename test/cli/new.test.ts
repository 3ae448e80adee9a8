import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runRowhouse } from './support/run-rowhouse.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowhouse-new-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('writes an app and says what comes next', async () => {
  const ended = await runRowhouse(['new', 'my shop'], { cwd: folder })
  expect(ended).toMatchObject({ code: 0, stdout: "Next:\n  cd 'my shop'\n  npm install\n  npm start\n" })
  const app = join(folder, 'my shop')
  const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'))
  expect(manifest).toMatchObject({ name: 'my-shop', private: true, type: 'module' })
  expect(readFileSync(join(app, 'README.md'), 'utf8')).toMatch(/^# my shop\n/)
  expect(readdirSync(app).sort()).toContain('.gitignore')
  expect(readdirSync(app)).not.toContain('gitignore')
})

test('the versions that it pins are those that Rowhouse itself is tested with', async () => {
  await runRowhouse(['new', 'shop'], { cwd: folder })
  const made = JSON.parse(readFileSync(join(folder, 'shop/package.json'), 'utf8'))
  const ours = JSON.parse(readFileSync('package.json', 'utf8'))
  // From a clone, the clone; what an installed package writes is tested in test/e2e/package.test.ts.
  expect(resolve(folder, 'shop', made.dependencies.rowhouse.slice('file:'.length))).toBe(realpathSync('.'))
  expect(made.devDependencies).toEqual({ node: ours.devDependencies.node, typescript: ours.devDependencies.typescript })
  expect(Object.keys(made.allowScripts).sort()).toEqual(['node', ...Object.keys(ours.optionalDependencies)].sort())
})

test('takes an empty folder, also one with a repository', async () => {
  mkdirSync(join(folder, 'shop/.git'), { recursive: true })
  expect(await runRowhouse(['new', '.'], { cwd: join(folder, 'shop') })).toMatchObject({
    code: 0,
    stdout: 'Next:\n  npm install\n  npm start\n',
  })
  expect(existsSync(join(folder, 'shop/schema/task.entity.ts'))).toBe(true)
})

test('writes nothing into a folder that holds something', async () => {
  mkdirSync(join(folder, 'shop'))
  writeFileSync(join(folder, 'shop/notes.txt'), 'mine')
  const ended = await runRowhouse(['new', 'shop'], { cwd: folder })
  expect(ended).toMatchObject({ code: 2, stdout: '' })
  expect(ended.stderr).toMatch(/^NEW_FOLDER_OCCUPIED {2}".*shop" is not empty: it holds "notes\.txt"\.\n/)
  expect(readdirSync(join(folder, 'shop'))).toEqual(['notes.txt'])
})

test.each(['notes.txt', '2fast', '...', '🙂'])('refuses the name "%s" and writes nothing', async (name) => {
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  const ended = await runRowhouse(['new', name], { cwd: folder })
  expect(ended).toMatchObject({ code: 2, stdout: '' })
  expect(ended.stderr).toMatch(/^NEW_FOLDER_OCCUPIED/)
  expect(readdirSync(folder)).toEqual(['notes.txt'])
})
