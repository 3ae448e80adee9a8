import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseSync } from 'oxc-parser'

/** Absolute path of the repository. */
export const root = join(import.meta.dirname, '../..')

/** A node of the syntax tree; what is read of it is checked where it is read. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  // biome-ignore lint/suspicious/noExplicitAny: ESTree has no useful common type, and every reader looks at `type` first
  readonly [part: string]: any
}

/** A parsed source. */
export interface Source {
  /** Relative to the repository. */
  readonly path: string
  readonly text: string
  readonly body: readonly Node[]
  readonly docs: readonly Doc[]
}

/** A doc comment, without its stars. */
export interface Doc {
  readonly end: number
  readonly text: string
}

/** A top-level declaration of a source. */
export interface Declaration {
  readonly name: string
  readonly node: Node
  readonly source: Source
  /** First paragraph of the doc comment; null without one. */
  readonly doc: string | null
}

const sources = new Map<string, Source>()

/** A source of the repository, parsed once. */
export function readSource(path: string): Source {
  const known = sources.get(path)
  if (known !== undefined) return known
  const text = readFileSync(join(root, path), 'utf8')
  const { program, comments } = parseSync(path, text)
  const docs = comments
    .filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
    .map(({ end, value }) => ({ end, text: plainDoc(value) }))
  const source = { path, text, body: program.body as unknown as readonly Node[], docs }
  sources.set(path, source)
  return source
}

/** First paragraph as one line; what follows `@` is for editors. */
function plainDoc(value: string): string {
  const lines = value
    .slice(1)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
  const body = lines.join('\n').split(/^@/m)[0]!.trim()
  return body
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .trim()
}

/** Doc comment that ends directly before an offset. */
export function docBefore(source: Source, start: number): string | null {
  const doc = source.docs.findLast(({ end }) => end <= start && source.text.slice(end, start).trim() === '')
  return doc?.text || null
}

/** What a name means in a source: a declaration of its own, or what it imports or passes on. */
export function resolve(name: string, source: Source): Declaration | null {
  for (const node of source.body) {
    const declared = node.type === 'ExportNamedDeclaration' && node.declaration !== null ? node.declaration : node
    const found = declarationOf(name, declared, node, source)
    if (found !== null) return found
  }
  for (const node of source.body) {
    for (const specifier of (node.specifiers ?? []) as readonly Node[]) {
      const [here, there] =
        node.type === 'ImportDeclaration'
          ? [specifier.local, specifier.imported]
          : [specifier.exported, specifier.local]
      if (here?.name !== name || !node.source || there === undefined) continue
      const target = pathOf(node.source.value, source)
      return target === null ? null : resolve(there.name, readSource(target))
    }
  }
  return null
}

function declarationOf(name: string, node: Node, outer: Node, source: Source): Declaration | null {
  const doc = () => docBefore(source, outer.start)
  if (node.type === 'VariableDeclaration') {
    const variable = (node.declarations as readonly Node[]).find(({ id }) => id.name === name)
    return variable === undefined ? null : { name, node: variable, source, doc: doc() }
  }
  const kinds = ['FunctionDeclaration', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration']
  return kinds.includes(node.type) && node.id.name === name ? { name, node, source, doc: doc() } : null
}

function pathOf(request: string, source: Source): string | null {
  if (request.startsWith('.')) return posix.join(posix.dirname(source.path), request)
  return request.startsWith('#') ? `${request.slice(1)}/index.ts` : null
}

/** Names that a source passes on, in the order in which it says them, with what they mean. */
export function exportsOf(path: string): readonly Declaration[] {
  const source = readSource(path)
  return source.body
    .filter(({ type }) => type === 'ExportNamedDeclaration')
    .flatMap((node) => (node.specifiers as readonly Node[]).map(({ exported }) => exported.name as string))
    .map((name) => {
      const found = resolve(name, source)
      if (found === null) throw new Error(`${path}: "${name}" is declared nowhere`)
      return found
    })
}
