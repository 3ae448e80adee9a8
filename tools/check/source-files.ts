import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { type ParseResult, parseSync } from 'oxc-parser'

/** A file of the repository, parsed. */
export interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly path: string
  readonly text: string
  readonly parsed: ParseResult
}

/** Paths that git tracks or would track, filtered by ending. */
export function repositoryFiles(endings: readonly string[]): readonly string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
    .split('\n')
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .filter((path) => existsSync(path))
}

/** Files that new apps begin with: those of an app, not of a room. */
const template = 'cli/new/template/'

/** TypeScript files below the given folders, parsed. */
export function sourceFiles(folders: readonly string[]): readonly SourceFile[] {
  return repositoryFiles(['.ts'])
    .filter((path) => !path.startsWith(template))
    .filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)) && !path.endsWith('.d.ts'))
    .map((path) => parseSource(path, readFileSync(path, 'utf8')))
}

/** One parsed file. */
export function parseSource(path: string, text: string): SourceFile {
  return { path, text, parsed: parseSync(path, text) }
}

/** `path:line: message`, as editors link it. */
export function complaint(
  file: { readonly path: string; readonly text: string },
  offset: number,
  message: string,
): string {
  const line = file.text.slice(0, offset).split('\n').length
  return `${file.path}:${line}: ${message}`
}
