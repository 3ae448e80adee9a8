/** A document as it is written in a source. */
export interface Literal {
  /** As the person who asks would write it. */
  readonly file: string
  /** GraphQL; what was inserted is left out. */
  readonly text: string
  /** Place of the first character, both from 1. */
  readonly line: number
  readonly column: number
  /** What cannot be read of it. */
  readonly fault: string | null
}

/** `file:line:column` of a place in a document, both from 1. */
export function placeIn(
  { file, line, column }: Literal,
  at: { readonly line: number; readonly column: number },
): string {
  return `${file}:${line + at.line - 1}:${at.line === 1 ? column + at.column - 1 : at.column}`
}
