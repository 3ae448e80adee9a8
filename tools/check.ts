import { spawnSync } from 'node:child_process'
import { checkDocComments } from './check/doc-comments.ts'
import { checkDocuments } from './check/documents.ts'
import { checkErrorCatalogue } from './check/error-catalogue.ts'
import { checkExactMoney } from './check/exact-money.ts'
import { checkImportDirections } from './check/import-directions.ts'

/** Everything that `npm run check` looks at; each part answers with complaints. */
const parts: Readonly<Record<string, () => readonly string[]>> = {
  'format and lint': () => command('biome', ['check', '--error-on-warnings', '.']),
  'type-aware lint': () => command('oxlint', ['--type-aware', '--deny-warnings']),
  types: () => command('tsc', ['-p', '.']),
  'types of the example': () => command('tsc', ['-p', 'examples/invoicing']),
  'types of Chinook': () => command('tsc', ['-p', 'test/domains/chinook']),
  'types of Northwind': () => command('tsc', ['-p', 'test/domains/northwind']),
  'import directions': checkImportDirections,
  'doc comments': checkDocComments,
  'error catalogue': checkErrorCatalogue,
  documents: checkDocuments,
  'exact money': checkExactMoney,
  reference: () => node('tools/reference.ts', '--check'),
}

function command(name: string, args: readonly string[]): readonly string[] {
  const { status, stdout, stderr, error } = spawnSync(`node_modules/.bin/${name}`, args, { encoding: 'utf8' })
  if (error !== undefined) return [error.message]
  return status === 0 ? [] : [`${stdout}${stderr}`.trim()]
}

function node(...args: readonly string[]): readonly string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return status === 0 ? [] : [`${stdout}${stderr}`.trim()]
}

const wanted = process.argv.slice(2)
let failures = 0
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue
  const complaints = run()
  console.log(`${complaints.length === 0 ? 'ok  ' : 'FAIL'} ${name}`)
  for (const line of complaints) console.log(line.replaceAll(/^/gm, '     '))
  failures += complaints.length
}
process.exitCode = failures === 0 ? 0 : 1
