import { topLevelCalls } from '../load/find-call.ts'
import type { AppDeclaration } from '../load/load-app.ts'
import { type SourceFile, spanOf } from '../load/source-file.ts'
import { wordOf } from '../load/word-of.ts'
import type { Verification } from './context.ts'

const makers: ReadonlyMap<string, AppDeclaration['kind']> = new Map([
  ['entity', 'entity'],
  ['formulas', 'formulas'],
  ['defaults', 'defaults'],
  ['policy', 'policy'],
  ['defineRoles', 'roles'],
  ['defineActions', 'actions'],
  ['defineActor', 'actor'],
  ['on', 'subscriber'],
])

/** Each declaration is made once, by a call at the top of its file, and exported: else a rule could be lost silently. */
export function verifyDeclarations(check: Verification): void {
  const { app, model, problems } = check
  if (model.entities.length === 0) {
    const hint = 'Export `entity(…)` from a file such as schema/customer.entity.ts.'
    problems.reportAt('APP_EMPTY', null, 'This app has no entity.', hint)
  }
  reportDuplicates(check)
  if (app.origin === 'model') return
  for (const each of app.declarations) reportIndirect(check, each)
  for (const source of app.sources.opened()) reportUnexported(check, source)
}

const titles = {
  entity: 'The entity',
  formulas: 'The set of formulas of',
  defaults: 'The set of defaults of',
  policy: 'The policy of',
  roles: 'The set of roles',
  actions: 'The set of actions',
  actor: 'The actor',
  subscriber: 'The subscriber',
} as const

function reportDuplicates({ app, problems }: Verification): void {
  const first = new Map<string, AppDeclaration>()
  for (const each of app.declarations) {
    const identity = `${each.kind} ${each.of ?? ''}`
    const known = first.get(identity)
    first.set(identity, known ?? each)
    if (known === undefined) continue
    const name = each.of === null ? '' : ` "${each.of}"`
    const code = each.kind === 'policy' ? 'POLICY_DUPLICATE' : 'DECLARATION_DUPLICATE'
    const hint = each.kind === 'policy' ? 'Put all rules of an entity into one policy.' : null
    const message = `${titles[each.kind]}${name} is declared in ${known.file} already.`
    problems.reportAt(code, spanOfDeclaration(each), message, hint)
  }
}

function reportIndirect({ app, problems }: Verification, each: AppDeclaration): void {
  const { call } = each
  const callee = call?.node.type === 'CallExpression' ? call.node.callee : null
  const word = callee === null || call === null ? null : wordOf(app.sources, { node: callee, source: call.source })
  if (word !== null && makers.get(word) === each.kind) return
  const maker = [...makers].find(([, kind]) => kind === each.kind)![0]
  const isDefault = each.exportName === 'default'
  const written = isDefault ? `export default ${maker}(…)` : `export const ${each.exportName} = ${maker}(…)`
  const hint = `Write \`${written}\` at the top level, imported from rowhouse.`
  const message = `"${each.exportName}" is not written where Rowhouse can read it.`
  problems.reportAt('DECLARATION_HIDDEN', spanOfDeclaration(each), message, hint)
}

const places: Readonly<Record<string, string>> = {
  entity: 'a file schema/….entity.ts',
  formulas: 'a file schema/….entity.ts or schema/….formulas.ts',
  defaults: 'a file schema/….entity.ts or schema/….formulas.ts',
  on: 'a file in subscribers/, as its default',
}

function reportUnexported({ app, problems }: Verification, source: SourceFile): void {
  const known = new Set(app.declarations.map(({ call }) => call?.node))
  for (const call of topLevelCalls(source)) {
    const word = wordOf(app.sources, { node: call.callee, source })
    if (word === null || !makers.has(word) || known.has(call)) continue
    const inPlace = places[word] ?? 'a file in policies/'
    const hint = `Export it from ${inPlace}.`
    problems.reportAt('DECLARATION_HIDDEN', spanOf(source, call.callee), `This ${word}(…) is not exported.`, hint)
  }
}

function spanOfDeclaration({ call, file }: AppDeclaration) {
  if (call === null) return { file, line: 1, column: 1, endLine: 1, endColumn: 1 }
  const { node } = call
  if (node.type !== 'CallExpression') return spanOf(call.source, node)
  const [first] = node.arguments
  const isNamed = first?.type === 'Literal' || first?.type === 'Identifier'
  return spanOf(call.source, isNamed ? first : node.callee)
}
