import * as language from '../dsl/calculate.ts'
import type { Code } from './formula-code.ts'

const words = { ...language }

/** What formulas call. */
export type LanguageName = Exclude<keyof typeof words, 'nowAt' | 'today'>

/** What a piece of a formula gives when it runs, as if an author had written it. @param rows rows at hand, by name */
export function runCode(code: Code, rows: ReadonlyMap<string, unknown>): unknown {
  const run = (inner: Code): unknown => runCode(inner, rows)
  switch (code.kind) {
    case 'row':
      if (rows.has(code.name)) return rows.get(code.name)
      throw new Error('there is no row so far out.')
    case 'member':
      return (run(code.of) as Readonly<Record<string, unknown>>)[code.name]
    case 'constant':
      return words[code.name]
    case 'call':
      return (words[code.name] as (...args: readonly unknown[]) => unknown)(...code.args.map(run))
    case 'method': {
      const list = run(code.of) as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>
      return list[code.name]!(...code.args.map(run))
    }
    case 'arrow':
      return (row: unknown) => runCode(code.body, new Map([...rows, [code.row, row]]))
    case 'list':
      return code.items.map(run)
    case 'record':
      return Object.fromEntries(code.entries.map(([key, value]) => [key, run(value)]))
    case 'data':
      return code.value
  }
}
