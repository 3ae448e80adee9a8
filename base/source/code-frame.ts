import type { SourceSpan } from './span.ts'

/**
 * Three lines of source with the span underlined, in the form that `docs/` shows.
 *
 * @param source the whole text of the file
 * @param remark printed behind the underline
 */
export function codeFrame(source: string, span: SourceSpan, remark = ''): string {
  const lines = source.split(/\r?\n/)
  const first = Math.max(1, span.line - 1)
  const last = Math.min(lines.length, span.line + 1)
  const gutter = String(last).length
  const rows: string[] = []
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1] ?? ''
    const pointed = number === span.line
    rows.push(`${pointed ? '>' : ' '} ${String(number).padStart(gutter)} | ${text}`.trimEnd())
    if (!pointed) continue
    const end = span.endLine === span.line ? span.endColumn : text.length + 1
    const width = Math.max(1, end - span.column)
    const indent = text.slice(0, span.column - 1).replaceAll(/[^\t]/g, ' ')
    rows.push(`  ${' '.repeat(gutter)} | ${indent}${'^'.repeat(width)} ${remark}`.trimEnd())
  }
  return rows.join('\n')
}
