/** Where something was written. Lines and columns count from 1, as editors show them. */
export interface SourceSpan {
  /** Path relative to the app folder (or absolute when outside of it), with `/`. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** Prints `file:line:column`. */
export function formatSpan(span: SourceSpan): string {
  return `${span.file}:${span.line}:${span.column}`
}
