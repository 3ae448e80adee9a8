import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AppCopy, copyApp } from '../e2e/support/app-copy.ts'
import { runRowhouse } from './support/run-rowhouse.ts'

let app: AppCopy
beforeEach(async () => {
  app = await copyApp()
})
afterEach(() => app.remove())

const check = () => runRowhouse(['check', app.folder])
const write = (file: string, text: string) => writeFileSync(join(app.folder, file), text)

describe('`rowhouse check` tells what is wrong with the code that an app runs', () => {
  test('nothing, where nothing is', async () => {
    expect(await check()).toMatchObject({ code: 0 })
  })

  test.each([
    ['scripts/discount.ts', 'export const nothing = 1\n', 'SCRIPT_DEFAULT_MISSING'],
    ['scripts/discount.ts', "import fs from 'node:fs'\nexport default fs\n", 'SCRIPT_IMPORT_REFUSED'],
    ['actions/bill-order.ts', 'export default 1\n', 'RUNS_FILE_INVALID'],
    ['workers/dun-overdue.ts', 'export default 1\n', 'WORKER_INVALID'],
  ])('%s', async (file, text, code) => {
    write(file, text)
    const { code: exit, stderr } = await check()
    expect(exit).toBe(1)
    expect(stderr).toContain(`${code}  ${file}:1:1`)
    expect(stderr).toContain(`docs/errors/${code}.md`)
  })

  test('all of it at once', async () => {
    write('scripts/discount.ts', 'export const nothing = 1\n')
    write('workers/dun-overdue.ts', 'export default 1\n')
    const { stderr } = await check()
    expect(stderr).toContain('SCRIPT_DEFAULT_MISSING')
    expect(stderr).toContain('WORKER_INVALID')
    expect(stderr).toContain('2 problems')
    expect(readFileSync(join(app.folder, 'workers/dun-overdue.ts'), 'utf8')).toBe('export default 1\n')
  })
})
