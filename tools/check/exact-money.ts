import { type SourceFile, sourceFiles } from './source-files.ts'

/** Rooms through which amounts go. */
const rooms = ['base', 'schema', 'policies', 'migrations', 'scripts', 'workers', 'server', 'client', 'cli']

/** Files in which amounts are spoken of. */
const speaks = /money|decimal|numeric|amount/i
/** What makes a float of a text. */
const float = /(?<![.\w])(?:Number|parseFloat)\(|\.toFixed\(/g

/** Where a file that speaks of amounts makes floats of something else: how often, and of what. */
const known: Readonly<Record<string, readonly [times: number, of: string]>> = {
  'schema/formula/range.ts': [1, 'bounds of floats'],
  'schema/values/limit-fault.ts': [1, 'ints and floats'],
  'schema/write/formula-code.ts': [2, 'literals that stay what they are, which is tested'],
  'schema/write/written-condition.ts': [1, 'seconds'],
  'schema/complete/scalar.ts': [2, 'ints'],
  'schema/verify/limits.ts': [1, 'ints and floats'],
  'schema/verify/scalar-order.ts': [2, 'ints and floats'],
  'policies/evaluate/formula/computed.ts': [1, 'how many days a moment is shifted'],
  'policies/evaluate/calendar.ts': [4, 'parts of moments'],
  'policies/evaluate/exact.ts': [1, 'exponents'],
  'policies/to-casl/packed-value.ts': [1, 'what a float holds exactly, which is tested'],
  'policies/to-sql/typed-literal.ts': [1, 'floats'],
  'migrations/import/default-of-column.ts': [3, 'ints, floats, and how many digits a column has'],
  'migrations/import/field-of-column.ts': [1, 'lengths of texts'],
  'migrations/import/draft-fields.ts': [3, 'limits of ints and floats'],
  'cli/policy/test/sensible-values.ts': [1, 'ints and floats'],
  'server/graphql/mutations/column-values.ts': [1, 'exponents'],
  'server/graphql/field-codec.ts': [1, 'digits behind the point'],
  'server/structures/read-stored.ts': [1, 'exponents'],
}

/** Complaints about code that may make a float of an amount. */
export function checkExactMoney(): readonly string[] {
  return sourceFiles(rooms).flatMap(inexactMoney)
}

/** The same of one file. */
export function inexactMoney({ path, text }: Pick<SourceFile, 'path' | 'text'>): readonly string[] {
  if (!speaks.test(text)) return []
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
  const found = [...code.matchAll(float)]
  const [times] = known[path] ?? [0]
  if (found.length <= times) return []
  const lines = found.map((match) => code.slice(0, match.index).split('\n').length)
  const why = 'amounts are digits, never floats; where it is about something else, say so in tools/check/exact-money.ts'
  return [
    `${path}:${lines.at(-1)}: ${found.length} times a float is made where ${times} are known (lines ${lines.join(', ')}): ${why}`,
  ]
}
