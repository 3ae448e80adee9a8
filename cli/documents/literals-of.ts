import { parseSync } from 'oxc-parser'
import { joinTemplate } from './join-template.ts'
import type { Literal } from './literal.ts'

/** Names by which libraries of clients mark documents: of templates, and of functions. */
const tags: ReadonlySet<string> = new Set(['gql', 'graphql'])

/** Documents in a file of a front end, in their order. */
export function literalsOf(file: string, text: string): readonly Literal[] {
  if (/\.(?:graphql|gql)$/.test(file)) return [{ file, text, line: 1, column: 1, fault: null }]
  const isPage = /\.(?:vue|svelte)$/.test(file)
  const code = isPage ? scriptsOf(text) : text
  if (!/gql|graphql/i.test(code)) return []
  const { program, comments, errors } = parseSync(isPage ? `${file}.ts` : file, code)
  const [first] = errors
  if (first !== undefined && program.body.length === 0)
    return [{ file, text: '', ...placeOf(code, first.labels[0]?.start ?? 0), fault: first.message }]
  const marked = new Set(
    comments
      .filter(({ value }) => value.trim() === 'GraphQL')
      .map(({ end }) => end + (/^\s*/.exec(code.slice(end))?.[0].length ?? 0)),
  )
  const found: Literal[] = []
  visit(program as unknown as SyntaxNode, (node) => {
    const template = templateOf(node, marked)
    if (template === null) return
    const { text: joined, start, fault } = template
    found.push({ file, text: joined, ...placeOf(code, start), fault })
  })
  return found
}

/** A node of the syntax tree; what is read of it is checked where it is read. */
interface SyntaxNode {
  readonly type: string
  readonly start: number
  // biome-ignore lint/suspicious/noExplicitAny: ESTree has no useful common type, and every reader looks at `type` first
  readonly [part: string]: any
}

interface Template {
  readonly text: string
  readonly start: number
  readonly fault: string | null
}

function templateOf(node: SyntaxNode, marked: ReadonlySet<number>): Template | null {
  if (node.type === 'TaggedTemplateExpression' && isTag(node.tag)) return ofLiteral(node.quasi)
  if (node.type === 'CallExpression' && isTag(node.callee)) return ofLiteral(node.arguments[0])
  return marked.has(node.start) ? ofLiteral(node) : null
}

function isTag(node: SyntaxNode): boolean {
  return node.type === 'Identifier' && tags.has(node.name)
}

function ofLiteral(node: SyntaxNode | undefined): Template | null {
  if (node?.type === 'Literal' && typeof node.value === 'string')
    return { text: node.value, start: node.start + 1, fault: null }
  if (node?.type !== 'TemplateLiteral') return null
  const pieces: readonly string[] = node.quasis.map(({ value }: SyntaxNode) => value.cooked ?? value.raw)
  return { ...joinTemplate(pieces), start: node.start + 1 }
}

function visit(node: SyntaxNode, look: (node: SyntaxNode) => void): void {
  if (typeof node.type === 'string') look(node)
  for (const part of Object.values(node)) {
    if (Array.isArray(part)) for (const each of part) if (isNode(each)) visit(each, look)
    if (isNode(part)) visit(part, look)
  }
}

function isNode(part: unknown): part is SyntaxNode {
  return typeof part === 'object' && part !== null && typeof (part as SyntaxNode).type === 'string'
}

/** The rest of a page is blank, so that places stay what they are. */
function scriptsOf(page: string): string {
  let code = blank(page)
  for (const { 0: all, 1: script = '', index } of page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)) {
    const start = index + all.indexOf(script, all.indexOf('>'))
    code = code.slice(0, start) + script + code.slice(start + script.length)
  }
  return code
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
