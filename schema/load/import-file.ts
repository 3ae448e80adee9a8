import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { SourceSpan } from '#base'
import { importHint } from './import-hint.ts'
import { type SourceFile, spanOf } from './source-file.ts'

/** What a file exports, or why it could not be imported. */
export type Imported =
  | { readonly ok: true; readonly exports: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly message: string; readonly at: SourceSpan | null; readonly hint: string }

/** Imports a file as Node does. `version` other than null asks for a fresh copy, also of the app's files that it imports. */
export async function importFile(source: SourceFile, version: string | null): Promise<Imported> {
  const url = pathToFileURL(source.path)
  if (version !== null) url.searchParams.set(versionKey, version)
  try {
    return { ok: true, exports: (await import(url.href)) as Record<string, unknown> }
  } catch (error) {
    return { ok: false, message: messageOf(error, source), at: placeOf(error, source), hint: importHint(error) }
  }
}

const versionKey = 'rowhouse-load'

/** While open, files of the app that a versioned file imports get its version too. Close it when all is loaded. */
export function freshImports(folder: string): { readonly close: () => void } {
  const inside = `${pathToFileURL(folder).href}/`
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      const parent = context.parentURL ?? ''
      const version = URL.canParse(parent) ? new URL(parent).searchParams.get(versionKey) : null
      if (version === null || !resolved.url.startsWith(inside) || resolved.url.includes('/node_modules/'))
        return resolved
      const url = new URL(resolved.url)
      url.searchParams.set(versionKey, version)
      return { ...resolved, url: url.href }
    },
  })
  return { close: () => hooks.deregister() }
}

function messageOf(error: unknown, source: SourceFile): string {
  const text = error instanceof Error ? error.message : String(error)
  const [first = ''] = text.split('\n')
  return `This file cannot be imported: ${withoutPaths(first, source)}`
}

/** Messages of Node name absolute paths; the app's own files are told apart by their place in the app. */
function withoutPaths(text: string, source: SourceFile): string {
  const folder = source.path.slice(0, source.path.length - source.file.length)
  return text
    .replaceAll(`file://${folder}`, '')
    .replaceAll(folder, '')
    .replaceAll(/\?rowhouse-load=[^'" ]*/g, '')
}

/** The import that was not found, or the first line of the stack inside of this file. */
function placeOf(error: unknown, source: SourceFile): SourceSpan | null {
  if (!(error instanceof Error)) return null
  // Behind that words Node names the file that imports.
  const [wanted = ''] = error.message.split(' imported from ')
  for (const statement of source.program.body) {
    if (statement.type !== 'ImportDeclaration') continue
    const from = statement.source.value
    const named = wanted.includes(`'${from}'`) || wanted.includes(from.replace(/^(\.\.?\/)+/, '/'))
    if (isImportError(error) && named) return spanOf(source, statement.source)
  }
  const stack = error.stack ?? ''
  const found = stack.slice(Math.max(0, stack.indexOf(source.path))).match(/^[^\n]*?:(\d+)(?::(\d+))?/)
  if (!stack.includes(source.path) || found === null) return null
  const line = Number(found[1])
  const column = Number(found[2] ?? 1)
  return { file: source.file, line, column, endLine: line, endColumn: column }
}

function isImportError(error: Error): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  return code.startsWith('ERR_MODULE') || code.startsWith('ERR_PACKAGE') || error instanceof SyntaxError
}
