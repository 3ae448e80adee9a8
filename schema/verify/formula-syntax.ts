import { type Node, visitorKeys } from 'oxc-parser'
import { spanOf } from '../load/source-file.ts'
import { type Place, resolvePlace, type Sources } from '../load/sources.ts'
import { wordOf } from '../load/word-of.ts'
import type { Verification } from './context.ts'

/**
 * Formulas hold calls, names and plain values. Operators and statements choose or count before any row is there: `a || b` reads
 * one side alone, which nothing that is recorded can show. Functions of the app that a formula calls are looked at as well.
 */
export function verifyFormulaSyntax({ app, problems }: Verification): void {
  const report = ({ node, source }: Place, what: string): void => {
    const hint = 'Use plus, minus, times, dividedBy, when, coalesce and the other functions of the language.'
    const message = `${what} cannot stand in a formula: it would be decided before any row is there.`
    problems.reportAt('FORMULA_EXPRESSION_REFUSED', spanOf(source, node), message, hint)
  }
  for (const { kind, call } of app.declarations) {
    if ((kind !== 'formulas' && kind !== 'defaults') || call?.node.type !== 'CallExpression') continue
    const seen = new Set<Node>()
    for (const argument of call.node.arguments.slice(1))
      walk(app.sources, { node: argument, source: call.source }, seen, report)
  }
}

const refused: Readonly<Record<string, string>> = {
  LogicalExpression: 'A choice with `&&`, `||` or `??`',
  ConditionalExpression: 'A choice with `? :`',
  BinaryExpression: 'An operator',
  UpdateExpression: 'An operator',
  AssignmentExpression: 'An assignment',
  IfStatement: 'A choice with `if`',
  SwitchStatement: 'A choice with `switch`',
  TryStatement: '`try`',
  ForStatement: 'A loop',
  ForInStatement: 'A loop',
  ForOfStatement: 'A loop',
  WhileStatement: 'A loop',
  DoWhileStatement: 'A loop',
  AwaitExpression: 'Something awaited',
  YieldExpression: 'Something yielded',
  SpreadElement: 'A spread',
  ChainExpression: 'A choice with `?.`',
}

function walk(sources: Sources, place: Place, seen: Set<Node>, report: (place: Place, what: string) => void): void {
  const { node, source } = place
  if (seen.has(node)) return
  seen.add(node)
  const what = refusedAs(node)
  if (what !== null) {
    report(place, what)
    return
  }
  if (node.type === 'CallExpression' || node.type === 'Identifier') followName(sources, place, seen, report)
  for (const key of visitorKeys[node.type] ?? []) {
    const inner = (node as unknown as Record<string, unknown>)[key]
    for (const each of Array.isArray(inner) ? inner : [inner]) {
      if (typeof each === 'object' && each !== null) walk(sources, { node: each as Node, source }, seen, report)
    }
  }
}

function refusedAs(node: Node): string | null {
  const what = refused[node.type]
  if (what !== undefined) return what
  if (node.type === 'TemplateLiteral') return node.expressions.length > 0 ? 'A text put together from parts' : null
  if (node.type !== 'UnaryExpression') return null
  const isNegative = node.operator === '-' && node.argument.type === 'Literal'
  return isNegative ? null : 'An operator'
}

/** A function or constant of the app stands for what is written there. */
function followName(
  sources: Sources,
  { node, source }: Place,
  seen: Set<Node>,
  report: (place: Place, what: string) => void,
): void {
  const name = node.type === 'CallExpression' ? node.callee : node
  if (name.type !== 'Identifier' || wordOf(sources, { node: name, source }) !== null) return
  const target = resolvePlace(sources, { node: name, source })
  const isFunction = target.node.type === 'ArrowFunctionExpression' || target.node.type === 'FunctionExpression'
  if (isFunction) walk(sources, target, seen, report)
}
