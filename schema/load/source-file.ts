import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { type Node, type Program, parseSync } from 'oxc-parser'
import type { SourceSpan } from '#base'

/** A file of the app with its syntax tree. */
export interface SourceFile {
  /** Relative to the app folder, with `/`. */
  readonly file: string
  /** Absolute path. */
  readonly path: string
  readonly text: string
  readonly program: Program
  /** Offset of the first character of each line, in UTF-16 units. */
  readonly lineStarts: readonly number[]
  /** What the parser could not read; empty for a sound file. */
  readonly faults: readonly SyntaxFault[]
}

/** What the parser says about a file that it cannot read. */
export interface SyntaxFault {
  readonly message: string
  readonly hint: string | null
  readonly at: SourceSpan
}

/** Reads and parses one file of the app. Throws what `readFileSync` throws. */
export function openSourceFile(folder: string, path: string): SourceFile {
  const text = readFileSync(path, 'utf8')
  const file = relative(folder, path).split(sep).join('/')
  const parsed = parseSync(path, text, { sourceType: 'module', preserveParens: false })
  const lineStarts = startsOfLines(text)
  const faults = parsed.errors.map((error) => {
    const label = error.labels[0] ?? { start: 0, end: 0 }
    const at = spanAt({ file, text, lineStarts }, label.start, label.end)
    return { message: error.message, hint: error.helpMessage, at }
  })
  return { file, path, text, program: parsed.program, lineStarts, faults }
}

/** A text that is no TypeScript, for saying where something stands in it. */
export function sourceFileOf(file: string, text: string): Omit<SourceFile, 'program'> {
  return { file, path: file, text, lineStarts: startsOfLines(text), faults: [] }
}

/** Span of a node. */
export function spanOf(source: Omit<SourceFile, 'program'>, node: Pick<Node, 'start' | 'end'>): SourceSpan {
  return spanAt(source, node.start, node.end)
}

/** Offset of a line and column, both from 1. */
export function offsetOf(source: SourceFile, line: number, column: number): number {
  return (source.lineStarts[line - 1] ?? source.text.length) + column - 1
}

function spanAt(source: Pick<SourceFile, 'file' | 'text' | 'lineStarts'>, start: number, end: number): SourceSpan {
  const from = positionOf(source.lineStarts, start)
  const to = positionOf(source.lineStarts, Math.max(start, end))
  return { file: source.file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column }
}

function positionOf(lineStarts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0
  let high = lineStarts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (lineStarts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - lineStarts[low]! + 1 }
}

function startsOfLines(text: string): readonly number[] {
  const starts = [0]
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length)
  return starts
}
