import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../../cli/run.ts'
import { recordingTerminal } from '../cli/support/recording-terminal.ts'
import { mistakes } from './cases.ts'

/**
 * What an author reads after a typical mistake, word for word. A stranger must be able to act on each without reading code, so every
 * change of these files is read as a stranger would.
 */
mkdirSync('.tmp', { recursive: true })
const scratch = mkdtempSync(join('.tmp', 'mistakes-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe.each(mistakes)('$name', ({ name, edit }) => {
  test('is told with its place, what to do, and where to read more', async () => {
    const said = await check(name, edit)
    await expect(said).toMatchFileSnapshot(join(import.meta.dirname, '../golden/mistakes', `${name}.txt`))
    for (const problem of said.trim().split('\n\n').slice(0, -1)) {
      const lines = problem.split('\n')
      expect(lines[0], problem).toMatch(/^[A-Z][A-Z_]+ {2}(schema|policies)\/[\w./-]+:\d+:\d+$/)
      expect(problem, 'a frame').toMatch(/^ {2}> +\d+ \| /m)
      expect(problem, 'a hint').toMatch(/^ {2}hint {2}\S/m)
      const [, page] = /^ {2}more {2}(\S+)$/m.exec(problem)!
      expect(existsSync(page!), page).toBe(true)
    }
  })
})

test('there are at least twenty', () => {
  expect(mistakes.length).toBeGreaterThanOrEqual(20)
})

async function check(name: string, [file, before, after]: readonly [string, string, string]): Promise<string> {
  const folder = join(scratch, name)
  cpSync('examples/invoicing', folder, { recursive: true })
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  expect(text.split(before).length, `"${before}" in ${file}`).toBeGreaterThan(1)
  writeFileSync(path, text.replace(before, after))
  const terminal = recordingTerminal()
  expect(await run(['check', folder], terminal)).toBe(1)
  expect(terminal.printed).toEqual([])
  return `${terminal.said.join('\n')}\n`
}
