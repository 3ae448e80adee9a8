import { existsSync } from 'node:fs'
import { dirname, extname, relative, resolve } from 'node:path'
import type { Node } from 'oxc-parser'
import { type Binding, type Bindings, bindingsOf } from './bindings.ts'
import { openSourceFile, type SourceFile } from './source-file.ts'

/** A node and the file that it stands in. */
export interface Place {
  readonly node: Node
  readonly source: SourceFile
}

/** The app's files, parsed when asked for and kept. */
export interface Sources {
  readonly folder: string
  /** Null for what is not a readable source file inside of the app folder. */
  open(path: string): SourceFile | null
  /** Every file that was opened, sorted by name. */
  opened(): readonly SourceFile[]
  /** What a top-level name of a file is bound to, as its own code sees it. */
  binding(source: SourceFile, name: string): Binding | null
  /** What a file exports under a name. */
  exported(source: SourceFile, name: string): Binding | null
}

const extensions = ['.ts', '.mts', '.js', '.mjs']

/** Opens an app folder for reading its source. */
export function openSources(folder: string): Sources {
  const files = new Map<string, SourceFile | null>()
  const bindings = new Map<SourceFile, Bindings>()
  const bindingsIn = (source: SourceFile): Bindings => {
    const known = bindings.get(source) ?? bindingsOf(source.program)
    bindings.set(source, known)
    return known
  }
  return {
    folder,
    open(path) {
      const known = files.get(path)
      if (known !== undefined) return known
      const inside = !relative(folder, path).startsWith('..') && extensions.includes(extname(path))
      const file = inside && existsSync(path) ? openSourceFile(folder, path) : null
      files.set(path, file)
      return file
    },
    opened() {
      const all = [...files.values()].filter((file) => file !== null)
      return all.toSorted((a, b) => (a.file < b.file ? -1 : 1))
    },
    binding: (source, name) => bindingsIn(source).locals.get(name) ?? null,
    exported(source, name) {
      const { renamed, locals } = bindingsIn(source)
      return renamed.get(name) ?? locals.get(name) ?? null
    },
  }
}

/**
 * Follows parentheses, `as const`, names of constants (of this file and of other files of the app) and members of object
 * literals to the expression that is meant. Stops at what cannot be followed, such as a call.
 */
export function resolvePlace(sources: Sources, place: Place, depth = 0): Place {
  if (depth > 32) return place
  const { node, source } = place
  if (isWrapper(node)) return resolvePlace(sources, { node: node.expression, source }, depth + 1)
  if (node.type === 'Identifier') {
    const target = constantOf(sources, source, sources.binding(source, node.name))
    return target === null ? place : resolvePlace(sources, target, depth + 1)
  }
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return place
  const object = resolvePlace(sources, { node: node.object, source }, depth + 1)
  const member = propertyOf(object, node.property.name)
  return member === null ? place : resolvePlace(sources, { node: member, source: object.source }, depth + 1)
}

/** An expression that is what stands in it: `(x)`, `x as const`, `x satisfies T`, `x!`. */
export type Wrapper = Extract<
  Node,
  { readonly type: 'ParenthesizedExpression' | 'TSAsExpression' | 'TSSatisfiesExpression' | 'TSNonNullExpression' }
>

const wrappers = ['ParenthesizedExpression', 'TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']

/** True for an expression that only wraps another one. */
export function isWrapper(node: Node): node is Wrapper {
  return wrappers.includes(node.type)
}

/** The value that a top-level `const`, of this file or of one that it imports from the app, was given. */
export function constantOf(sources: Sources, source: SourceFile, binding: Binding | null): Place | null {
  if (binding?.kind === 'constant') return { node: binding.value, source }
  if (binding?.kind !== 'import') return null
  const target = importedFile(sources, source, binding.from)
  if (target === null || binding.imported === '*') return null
  return constantOf(sources, target, sources.exported(target, binding.imported))
}

/** The file of the app that an import names, or null. */
export function importedFile(sources: Sources, source: SourceFile, from: string): SourceFile | null {
  return from.startsWith('.') ? sources.open(resolve(dirname(source.path), from)) : null
}

function propertyOf(object: Place, name: string): Node | null {
  // A spread may replace what is written beside it.
  if (object.node.type !== 'ObjectExpression' || object.node.properties.some(({ type }) => type !== 'Property'))
    return null
  for (const property of object.node.properties.toReversed()) {
    if (property.type === 'Property' && keyName(property) === name) return property.value
  }
  return null
}

/** Name of a property as written, or null when it is computed. */
export function keyName(property: { readonly key: Node; readonly computed: boolean }): string | null {
  if (property.key.type === 'Identifier' && !property.computed) return property.key.name
  return property.key.type === 'Literal' && !('regex' in property.key) ? String(property.key.value) : null
}

/** Opens the files of the app that these import, and so on. */
export function openImports(sources: Sources, files: readonly SourceFile[]): void {
  const pending = [...files]
  const seen = new Set(pending)
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    for (const statement of file.program.body) {
      const hasSource = statement.type === 'ImportDeclaration' || statement.type === 'ExportNamedDeclaration'
      const from = hasSource ? statement.source?.value : undefined
      const target = from === undefined ? null : importedFile(sources, file, from)
      if (target === null || seen.has(target)) continue
      seen.add(target)
      pending.push(target)
    }
  }
}
