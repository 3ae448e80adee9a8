import type { Binding } from './bindings.ts'
import type { SourceFile } from './source-file.ts'
import { importedFile, type Place, type Sources } from './sources.ts'

/** True for a name that was imported from Rowhouse, directly or through `words(User)`. */
export function isWord(sources: Sources, { node, source }: Place): boolean {
  return wordOf(sources, { node, source }) !== null
}

/** Name of a word of the language as Rowhouse exports it, or null for any other expression. */
export function wordOf(sources: Sources, { node, source }: Place): string | null {
  if (node.type !== 'Identifier') return null
  const binding = sources.binding(source, node.name)
  if (binding?.kind === 'taken' && binding.from.type === 'CallExpression')
    return wordOf(sources, { node: binding.from.callee, source }) === 'words' ? node.name : null
  return wordOfBinding(sources, source, binding)
}

function wordOfBinding(sources: Sources, source: SourceFile, binding: Binding | null): string | null {
  if (binding?.kind === 'constant') return wordOf(sources, { node: binding.value, source })
  if (binding?.kind !== 'import') return null
  if (/^rowhouse(\/|$)/.test(binding.from)) return binding.imported
  const target = importedFile(sources, source, binding.from)
  return target === null ? null : wordOfBinding(sources, target, sources.exported(target, binding.imported))
}
