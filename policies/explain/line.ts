/** A line of an explanation, with the lines that stand below it, further in. */
export interface Line {
  readonly text: string
  readonly under: readonly Line[]
}

/** A line by itself. */
export function line(text: string, under: readonly Line[] = []): Line {
  return { text, under }
}

/** Lines as text, two blanks further in for each level. */
export function linesText(lines: readonly Line[], indent = ''): string {
  return lines.map(({ text, under }) => `${indent}${oneLine(text)}\n${linesText(under, `${indent}  `)}`).join('')
}

/** Titles and labels are people's words: nothing in them begins another line or moves a cursor. */
export function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
}
