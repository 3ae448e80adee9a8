import { existsSync } from 'node:fs'
import { dirname, extname, relative, resolve } from 'node:path'
import type { Node } from 'oxc-parser'
import { type Binding, bindingsOf } from './bindings.ts'
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
  /** What a top-level name of a file is bound to. */
  binding(source: SourceFile, name: string): Binding | null
}

const extensions = ['.ts', '.mts', '.js', '.mjs']

/** Opens an app folder for reading its source. */
export function openSources(folder: string): Sources {
  const files = new Map<string, SourceFile | null>()
  const bindings = new Map<SourceFile, ReadonlyMap<string, Binding>>()
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
    binding(source, name) {
      const known = bindings.get(source) ?? bindingsOf(source.program)
      bindings.set(source, known)
      return known.get(name) ?? null
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
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return resolvePlace(sources, { node: node.expression, source }, depth + 1)
    case 'Identifier': {
      const target = constantOf(sources, source, node.name)
      return target === null ? place : resolvePlace(sources, target, depth + 1)
    }
    case 'MemberExpression': {
      if (node.computed || node.property.type !== 'Identifier') return place
      const object = resolvePlace(sources, { node: node.object, source }, depth + 1)
      if (object.node.type !== 'ObjectExpression') return place
      const member = propertyOf(object, node.property.name)
      return member === null ? place : resolvePlace(sources, { node: member, source: object.source }, depth + 1)
    }
    default:
      return place
  }
}

/** The value that a top-level `const` of this file, or one that it imports from the app, was given. */
function constantOf(sources: Sources, source: SourceFile, name: string): Place | null {
  const binding = sources.binding(source, name)
  if (binding?.kind === 'constant') return { node: binding.value, source }
  if (binding?.kind !== 'import') return null
  const target = importedFile(sources, source, binding.from)
  if (target === null || binding.imported === '*') return null
  return constantOf(sources, target, binding.imported)
}

/** The file of the app that an import names, or null. */
export function importedFile(sources: Sources, source: SourceFile, from: string): SourceFile | null {
  return from.startsWith('.') ? sources.open(resolve(dirname(source.path), from)) : null
}

function propertyOf(object: Place, name: string): Node | null {
  if (object.node.type !== 'ObjectExpression') return null
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
