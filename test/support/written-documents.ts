import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kind, parse, visit } from 'graphql'

const root = join(import.meta.dirname, '../..')

/** Where people write GraphQL: the guide, tests and fixtures, examples. */
const files = ['docs/**/*.md', 'test/**/*.ts', 'examples/**/*.{ts,md,graphql}', 'README.md'] as const

/** A text that may be a document, between what encloses it. */
const enclosed = [/^```graphql[^\n]*\n(.*?)^```/gms, /`([^`$\\]+)`/g, /'([^'\n\\]+)'/g, /"([^"\n\\]+)"/g] as const

/** Every document that the guide, the tests and the examples write out in one piece, each once. */
export function writtenDocuments(): readonly string[] {
  const found = new Set<string>()
  for (const path of globSync([...files], { cwd: root, exclude: ['**/node_modules/**'] }).sort()) {
    const text = readFileSync(join(root, path), 'utf8')
    for (const pattern of enclosed) for (const [, inner = ''] of text.matchAll(pattern)) found.add(inner.trim())
  }
  return [...found].filter(isOperation)
}

/** A text in braces may be anything: prose, a set, a path. What selects one word alone is none of ours. */
function isOperation(text: string): boolean {
  if (!/^(\{|query\b|mutation\b|fragment\b|subscription\b)/.test(text) || !text.includes('{')) return false
  try {
    let fields = 0
    const document = parse(text)
    visit(document, { Field: () => void fields++ })
    return fields > 1 && document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  } catch {
    return false
  }
}
