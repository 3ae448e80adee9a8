import { describe, expect, test } from 'vitest'
import { undocumentedExports } from '../../tools/check/doc-comments.ts'
import { inexactMoney } from '../../tools/check/exact-money.ts'
import { environmentFaults, importFaults } from '../../tools/check/import-directions.ts'
import { parseSource } from '../../tools/check/source-files.ts'

describe('import directions', () => {
  const faults = (path: string, text: string) => importFaults(parseSource(path, text))

  test.each([
    ['schema/a.ts', `import { x } from '#policies'`],
    ['schema/a.ts', `export { x } from '#server'`],
    ['server/a.ts', `import { x } from '#cli'`],
    ['base/a.ts', `import { x } from '#base'`],
    ['policies/dsl/a.ts', `import { x } from '../../schema/model/model.ts'`],
    ['cli/a.ts', `const x = await import('../server/index.ts')`],
    ['cli/a.ts', `import { x } from 'rowhouse/schema'`],
    ['base/a.ts', `import { readFileSync } from 'fs'`],
    ['server/http/a.ts', `import { Front } from '../front/front.ts'`],
    ['server/http/limits/a.ts', `import { listen } from '../listen.ts'`],
  ])('%s refuses %s', (path, text) => {
    expect(faults(path, text)).toHaveLength(1)
  })

  test.each([
    ['schema/a.ts', `import { x } from '#base'`],
    ['server/a.ts', `import { x } from '#migrations'\nimport pg from 'pg'`],
    ['server/front/a.ts', `import { listen } from '../http/listen.ts'`],
    ['server/http/limits/a.ts', `import { b } from './b.ts'\nimport type { L } from '../../config/limits.ts'`],
    ['schema/load/a.ts', `import { x } from '../model/model.ts'\nimport { y } from 'node:fs'`],
  ])('%s accepts %s', (path, text) => {
    expect(faults(path, text)).toEqual([])
  })

  test('names the line', () => {
    expect(faults('base/a.ts', `\n\nimport { x } from '#schema'`)[0]).toMatch(/^base\/a\.ts:3: /)
  })

  test('finds the environment outside of its places', () => {
    const text = 'const home = process.env.HOME'
    expect(environmentFaults(parseSource('server/http/a.ts', text))).toHaveLength(1)
    expect(environmentFaults(parseSource('server/config.ts', text))).toEqual([])
    expect(environmentFaults(parseSource('cli/dev.ts', text))).toEqual([])
  })
})

describe('doc comments', () => {
  const missing = (text: string) => undocumentedExports(parseSource('base/a.ts', text))

  test.each(['export const a = 1', 'export function a() {}', 'export interface A {}', '// no doc\nexport class A {}'])(
    'misses one on %s',
    (text) => {
      expect(missing(text)).toHaveLength(1)
    },
  )

  test.each(['/** What it is. */\nexport const a = 1', `export { a } from './b.ts'`, 'const a = 1'])(
    'accepts %s',
    (text) => {
      expect(missing(text)).toEqual([])
    },
  )
})

describe('exact money', () => {
  const faults = (path: string, text: string) => inexactMoney({ path, text })

  test.each([
    "const money = '1.10'\nconst cents = Number(money) * 100",
    'export const amount = (text: string) => parseFloat(text)',
    'const decimal = (value: number) => value.toFixed(2)',
  ])('%s is refused', (text) => {
    expect(faults('server/a.ts', text)).toHaveLength(1)
  })

  test.each([
    "const money = BigInt('110') // no Number(text)",
    'const port = Number(text)',
    'const amount = Number.isInteger(given)',
  ])('%s is accepted', (text) => {
    expect(faults('server/a.ts', text)).toEqual([])
  })

  test('a further one in a file with known ones is refused', () => {
    expect(faults('policies/evaluate/exact.ts', 'decimal: Number(a)')).toEqual([])
    expect(faults('policies/evaluate/exact.ts', 'decimal: Number(a), Number(b)')).toHaveLength(1)
  })
})
