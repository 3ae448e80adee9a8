import type { SourceSpan } from '#base'
import type { ReportSelect } from '../catalog/catalog.ts'

/** First word of a select that is no comment: what is said of it as a whole stands there. */
export function topOf({ file, sql }: ReportSelect): SourceSpan {
  const lines = sql.split('\n')
  const index = Math.max(
    0,
    lines.findIndex((line) => /^\s*(?:select|with)\b/i.test(line)),
  )
  const text = lines[index] ?? ''
  const column = text.length - text.trimStart().length + 1
  const end = column + (/^\w+/.exec(text.trimStart())?.[0].length ?? 1)
  return { file, line: index + 1, column, endLine: index + 1, endColumn: end }
}
