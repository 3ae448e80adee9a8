import { type Node, parseSync } from 'oxc-parser'
import type { SourceSpan } from '#base'
import { type SourceFile, sourceFileOf, spanOf } from '../load/source-file.ts'
import { keyName } from '../load/sources.ts'

/** Steps from the root of a JSON document: keys and positions. */
export type JsonPath = readonly (string | number)[]

/** A JSON document that remembers where everything stands. */
export interface JsonSource {
  readonly value: unknown
  /** Place of a part, or of the nearest part around it that exists. */
  locate(path: JsonPath, part?: 'key' | 'value'): SourceSpan
}

/** What keeps a text from being JSON, and where. */
export interface JsonFault {
  readonly message: string
  readonly at: SourceSpan
}

/** Parentheses make an expression of it, which the parser of TypeScript reads with positions. */
const before = '('

/** Reads a JSON document. @param file how problems call it */
export function openJson(file: string, text: string): JsonSource | JsonFault {
  const source = sourceFileOf(file, text)
  const start = { file, line: 1, column: 1, endLine: 1, endColumn: 1 }
  try {
    const value: unknown = JSON.parse(text)
    const root = rootOf(text)
    if (root === null) return { message: 'This is no JSON.', at: start }
    const shifted = { ...source, offset: before.length }
    const twice = duplicateKey(root)
    if (twice !== null)
      return { message: `"${twice.name}" is written twice; the first would be lost.`, at: spanIn(shifted, twice.node) }
    return { value, locate: (path, part = 'value') => spanIn(shifted, nodeAt(root, path, part)) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? Number.NaN)
    const at = Number.isNaN(offset) ? start : spanOf(source, { start: offset, end: offset + 1 })
    return { message: `This is no JSON: ${message.replace(/ in JSON.*$/s, '')}.`, at }
  }
}

function rootOf(text: string): Node | null {
  const { program, errors } = parseSync('model.ts', `${before}${text})`, { preserveParens: false })
  const [statement] = program.body
  return errors.length === 0 && statement?.type === 'ExpressionStatement' ? statement.expression : null
}

function spanIn(source: Omit<SourceFile, 'program'> & { readonly offset: number }, node: Node): SourceSpan {
  const { offset } = source
  return spanOf(source, { start: node.start - offset, end: node.end - offset })
}

function nodeAt(root: Node, path: JsonPath, part: 'key' | 'value'): Node {
  let value = root
  let key: Node | null = null
  for (const step of path) {
    const next = descend(value, step)
    if (next === null) return key ?? value
    value = next.value
    key = next.key
  }
  return part === 'key' ? (key ?? value) : value
}

function descend(node: Node, step: string | number): { readonly value: Node; readonly key: Node | null } | null {
  if (node.type === 'ArrayExpression' && typeof step === 'number') {
    const element = node.elements[step]
    return element === undefined || element === null ? null : { value: element, key: null }
  }
  if (node.type !== 'ObjectExpression') return null
  for (const property of node.properties) {
    if (property.type === 'Property' && keyName(property) === String(step))
      return { value: property.value, key: property.key }
  }
  return null
}

function duplicateKey(node: Node): { readonly name: string; readonly node: Node } | null {
  if (node.type === 'ArrayExpression') {
    for (const element of node.elements) {
      const found = element === null ? null : duplicateKey(element)
      if (found !== null) return found
    }
  }
  if (node.type !== 'ObjectExpression') return null
  const seen = new Set<string>()
  for (const property of node.properties) {
    if (property.type !== 'Property') continue
    const name = keyName(property) ?? ''
    if (seen.has(name)) return { name, node: property.key }
    seen.add(name)
    const found = duplicateKey(property.value)
    if (found !== null) return found
  }
  return null
}
