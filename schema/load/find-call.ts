import { realpathSync } from 'node:fs'
import type { Expression, Node } from 'oxc-parser'
import type { CallSite } from '../dsl/declaration.ts'
import { offsetOf, type SourceFile } from './source-file.ts'
import { constantOf, type Place, resolvePlace, type Sources } from './sources.ts'

/**
 * The call that made a declaration: the top-level constant that the export names, else the call at the remembered place.
 * Null when it is not written at the top level of a file of the app.
 */
export function findCall(sources: Sources, source: SourceFile, exportName: string, at: CallSite | null): Place | null {
  const constant = constantOf(sources, source, sources.exported(source, exportName))
  const place = constant === null ? null : resolvePlace(sources, constant)
  if (place?.node.type === 'CallExpression') return place
  return at === null ? null : callAt(sources, at)
}

function callAt(sources: Sources, at: CallSite): Place | null {
  const source = sources.open(realPath(at.file))
  if (source === null) return null
  const offset = offsetOf(source, at.line, at.column)
  for (const call of topLevelCalls(source)) {
    if (call.callee.start === offset) return { node: call, source }
    if (call.callee.type === 'MemberExpression' && call.callee.property.start === offset) return { node: call, source }
  }
  return null
}

type Call = Extract<Expression, { readonly type: 'CallExpression' }>

/** Calls that are the value of a top-level constant, a default export or a statement of its own. */
export function topLevelCalls(source: SourceFile): readonly Call[] {
  return source.program.body.flatMap((statement): readonly Call[] => {
    const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (inner?.type === 'VariableDeclaration') return inner.declarations.flatMap(({ init }) => asCall(init))
    if (inner?.type === 'ExportDefaultDeclaration') return asCall(inner.declaration)
    return inner?.type === 'ExpressionStatement' ? asCall(inner.expression) : []
  })
}

function asCall(node: Node | null): readonly Call[] {
  if (node === null) return []
  if (node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression') return asCall(node.expression)
  return node.type === 'CallExpression' ? [node] : []
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
