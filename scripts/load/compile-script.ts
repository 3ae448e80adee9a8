import { stripTypeScriptTypes } from 'node:module'
import { type Directive, type ImportDeclaration, type Program, parseSync, type Statement, Visitor } from 'oxc-parser'
import { type ModelErrorCode, type Problem, sha256 } from '#base'
import { sourceFileOf, spanOf } from '#schema'
import type { CompiledScript } from '../script-call.ts'
import { quietly } from './quietly.ts'

/** A script, or what is wrong with it. */
export type Compiled =
  | { readonly script: CompiledScript; readonly problems: readonly [] }
  | { readonly script: null; readonly problems: readonly Problem[] }

/** Longest source of a script, in characters: it is sent to a thread with each run. */
export const mostOfScript = 128 * 1024

/**
 * Makes a script of its TypeScript: types are taken out, every line and column stays where it was. Nothing of it is run.
 *
 * @param name as models say it: `scripts/discount`
 */
export function compileScript(name: string, text: string): Compiled {
  const file = `${name}.ts`
  const problems = problemsOf(file, text)
  if (problems.length > 0) return { script: null, problems }
  const code = quietly(() => stripTypeScriptTypes(text))
  return { script: { name, file, code, checksum: sha256(text) }, problems: [] }
}

type Place = { readonly start: number; readonly end: number }
type Report = (code: ModelErrorCode, place: Place, message: string, hint: string) => void

function problemsOf(file: string, text: string): readonly Problem[] {
  const problems: Problem[] = []
  const source = sourceFileOf(file, text)
  const report: Report = (code, place, message, hint) =>
    problems.push({ code, severity: 'error', message, at: spanOf(source, place), hint, related: null })
  if (text.length > mostOfScript) {
    const message = `The script has more than ${mostOfScript} characters.`
    report('SCRIPT_TOO_LONG', begin, message, 'Divide it, or make it trusted code in `actions/`.')
    return problems
  }
  const parsed = parseSync(file, text, { sourceType: 'module' })
  for (const { message, helpMessage, labels } of parsed.errors) {
    const hint = helpMessage ?? 'A bracket, a quote or a comma is missing here or before, or is one too many.'
    report('FILE_SYNTAX_INVALID', labels[0] ?? begin, message, hint)
  }
  if (problems.length > 0) return problems
  reportImports(parsed.program, report)
  reportKept(parsed.program, report)
  reportDefault(parsed.program, report)
  return problems
}

const begin = { start: 0, end: 0 }

/** Reports all that is imported but types, which leave nothing behind. */
function reportImports(program: Program, report: Report): void {
  const refuse = (place: Place) => report('SCRIPT_IMPORT_REFUSED', place, 'A script cannot import this.', importHint)
  for (const statement of program.body) {
    if (statement.type === 'ExportAllDeclaration' && statement.exportKind !== 'type') refuse(statement.source)
    else if (
      statement.type === 'ExportNamedDeclaration' &&
      statement.source !== null &&
      statement.exportKind !== 'type'
    )
      refuse(statement.source)
    else if (statement.type === 'ImportDeclaration' && statement.importKind !== 'type') {
      if (statement.source.value === 'rowhouse/scripts') reportWords(statement, report)
      else refuse(statement.source)
    }
  }
  new Visitor({ ImportExpression: (node) => refuse(node.source) }).visit(program)
}

const importHint =
  "It may import 'rowhouse/scripts', and types by `import type`. What it works with is handed to it: db, http, input and so on."

/** Reports words that scripts do not have. */
function reportWords({ specifiers }: ImportDeclaration, report: Report): void {
  for (const specifier of specifiers) {
    const isNamed = specifier.type === 'ImportSpecifier'
    if (isNamed && specifier.importKind === 'type') continue
    if (isNamed && specifier.imported.type === 'Identifier' && specifier.imported.name === 'script') continue
    report(
      'SCRIPT_IMPORT_REFUSED',
      specifier,
      "'rowhouse/scripts' has nothing of that name.",
      "Write: import { script } from 'rowhouse/scripts'",
    )
  }
}

/** Reports syntax of TypeScript that leaves code behind. */
function reportKept(program: Program, report: Report): void {
  const refuse = (what: string) => (node: Place & { readonly declare?: boolean }) =>
    node.declare !== true &&
    report(
      'SCRIPT_SYNTAX_UNSUPPORTED',
      node,
      `${what} is more than a type.`,
      'Say it in JavaScript: a constant object, fields of a class, an export.',
    )
  new Visitor({
    TSEnumDeclaration: refuse('An enum'),
    TSModuleDeclaration: refuse('A namespace'),
    TSParameterProperty: refuse('A parameter that is a field'),
    TSImportEqualsDeclaration: refuse('`import =`'),
    TSExportAssignment: refuse('`export =`'),
  }).visit(program)
}

function reportDefault(program: Program, report: Report): void {
  const isDefault = (statement: Statement | Directive) =>
    statement.type === 'ExportDefaultDeclaration' ||
    (statement.type === 'ExportNamedDeclaration' &&
      statement.specifiers.some(({ exported }) => exported.type === 'Identifier' && exported.name === 'default'))
  if (program.body.some(isDefault)) return
  const hint = 'Write: export default script(async ({ db, input }) => { … })'
  report('SCRIPT_DEFAULT_MISSING', begin, 'The script exports nothing that could be run.', hint)
}
