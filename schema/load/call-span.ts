import { realpathSync } from 'node:fs'
import type { SourceSpan } from '#base'
import type { CallSite } from '../dsl/declaration.ts'
import { offsetOf } from './source-file.ts'
import type { Sources } from './sources.ts'

/** The word at a place that V8 reported, or null when it is in no file of the app. */
export function spanOfSite(sources: Sources, { file, line, column }: CallSite): SourceSpan | null {
  const source = sources.open(realPath(file))
  if (source === null) return null
  const word = /^[\p{ID_Continue}$]+/u.exec(source.text.slice(offsetOf(source, line, column)))
  const endColumn = column + (word === null ? 1 : word[0].length)
  return { file: source.file, line, column, endLine: line, endColumn }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
