import { describe, expect, test } from 'vitest'
import { ModelError, type Problem } from '../../base/index.ts'
import { loadModel } from '../../policies/index.ts'
import { compileScript, loadScripts } from '../../scripts/index.ts'
import { withApp } from '../schema/written-app.ts'

const words = "import { script } from 'rowhouse/scripts'\n"
const good =
  "import { script } from 'rowhouse/scripts'\nexport default script<'Note'>(async ({ row }) => row as unknown)\n"
const note = (runs: string) => `
export const Note = entity('Note', {
  fields: { title: string() },
  actions: { copy: { runs: '${runs}' } },
})
`
const policies = `
import { Note } from '../schema/note.entity.ts'
export const roles = defineRoles({ clerk: 'Writes.' })
export const NotePolicy = policy(Note, { 'clerks do all': { allow: 'clerk', to: anything } })
`

/** What is loaded of an app with these files of scripts, or what is wrong with them. */
function load(scripts: Readonly<Record<string, string>>, runs = 'scripts/copy') {
  const files = { 'schema/note.entity.ts': note(runs), 'policies/all.ts': policies, ...scripts }
  return withApp(files, async (folder) => {
    const loaded = await loadModel(folder)
    try {
      return { scripts: loadScripts(loaded), told: [] }
    } catch (error) {
      if (!(error instanceof ModelError)) throw error
      return { scripts: new Map(), told: error.problems.map(line) }
    }
  })
}

const widths = (text: string) => text.split('\n').map((each) => each.length)

function line({ code, at, hint }: Problem): string {
  return `${code} ${at?.file}:${at?.line}:${at?.column} ${hint}`
}

describe('scripts of an app', () => {
  test('are found by the name that models say, without their types', async () => {
    const { scripts } = await load({
      'scripts/copy.ts': good,
      'scripts/a/deep-one.ts': good,
      'scripts/copy.test.ts': 'import is no script',
    })
    expect([...scripts.keys()]).toEqual(['scripts/a/deep-one', 'scripts/copy'])
    const { code, checksum, file } = scripts.get('scripts/copy')!
    expect(code).not.toContain('unknown')
    expect(widths(code)).toEqual(widths(good))
    expect({ file, checksum }).toEqual({ file: 'scripts/copy.ts', checksum: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })

  test('that the model names have to be there: SCRIPT_MISSING', async () => {
    expect((await load({ 'scripts/copy.ts': good }, 'scripts/cpoy')).told).toEqual([
      'SCRIPT_MISSING schema/note.entity.ts:5:28 Did you mean "scripts/copy"?',
    ])
    expect((await load({}, 'scripts/other')).told).toEqual([
      'SCRIPT_MISSING schema/note.entity.ts:5:28 Make the file "scripts/other.ts", or name another one.',
    ])
  })

  test('are told of all at once', async () => {
    const wrong = {
      'scripts/copy.ts': `${words}export default (`,
      'scripts/Two.ts': good,
      'scripts/three.ts': `${words}export const x = 1`,
    }
    expect((await load(wrong)).told.map((each) => each.split(' ').slice(0, 2).join(' '))).toEqual([
      'SCRIPT_NAME_INVALID scripts/Two.ts:1:1',
      'FILE_SYNTAX_INVALID scripts/copy.ts:2:17',
      'SCRIPT_DEFAULT_MISSING scripts/three.ts:1:1',
    ])
  })
})

describe('a script', () => {
  const problems = (text: string) =>
    compileScript('scripts/x', text).problems.map((each) => line(each).split(' ').slice(0, 2).join(' '))
  const end = '\nexport default () => 1'

  test.each([
    ["import fs from 'node:fs'", '1:16'],
    ["import './other.ts'", '1:8'],
    ["import { helper } from './other.ts'", '1:24'],
    ["import { type Order } from '../schema/order.entity.ts'", '1:28'],
    ["export * from './other.ts'", '1:15'],
    ["export { a } from './other.ts'", '1:19'],
    ["const a = await import('fs')", '1:24'],
    ["import { scirpt } from 'rowhouse/scripts'", '1:10'],
    ["import * as all from 'rowhouse/scripts'", '1:8'],
  ])('%s is SCRIPT_IMPORT_REFUSED', (text, at) => {
    expect(problems(text + end)).toEqual([`SCRIPT_IMPORT_REFUSED scripts/x.ts:${at}`])
  })

  test.each([
    "import type { Order } from '../schema/order.entity.ts'",
    "import { script, type ScriptContext } from 'rowhouse/scripts'",
    "export type { Order } from '../schema/order.entity.ts'",
    'interface A { readonly a: string }\ntype B = A | null\ndeclare const C: B',
  ])('%s is fine', (text) => {
    expect(problems(text + end)).toEqual([])
  })

  test.each([
    ['enum Size { small }', '1:1'],
    ['namespace A { export const b = 1 }', '1:1'],
    ['class A { constructor(private b: string) {} }', '1:23'],
  ])('%s is SCRIPT_SYNTAX_UNSUPPORTED', (text, at) => {
    expect(problems(text + end)).toEqual([`SCRIPT_SYNTAX_UNSUPPORTED scripts/x.ts:${at}`])
  })

  test('without a default is SCRIPT_DEFAULT_MISSING', () => {
    expect(problems('export const a = 1')).toEqual(['SCRIPT_DEFAULT_MISSING scripts/x.ts:1:1'])
    expect(problems('const a = () => 1\nexport { a as default }')).toEqual([])
  })

  test('of too many characters is SCRIPT_TOO_LONG', () => {
    expect(problems(`// ${'x'.repeat(200_000)}${end}`)).toEqual(['SCRIPT_TOO_LONG scripts/x.ts:1:1'])
  })

  test('is compiled without a warning about how', () => {
    const warned: unknown[] = []
    const listen = (warning: unknown) => warned.push(warning)
    process.on('warning', listen)
    expect(problems(`const a: number = 1${end}`)).toEqual([])
    process.off('warning', listen)
    expect(warned).toEqual([])
  })
})
