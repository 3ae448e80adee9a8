/** Rows of words as aligned columns; numbers to the right. */
export function textTable(rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const texts = rows.map((row) => row.map(String))
  const widths = (texts[0] ?? []).map((_, at) => Math.max(...texts.map((row) => row[at]?.length ?? 0)))
  return texts.map((row, line) =>
    row
      .map((text, at) =>
        typeof rows[Math.max(line, 1)]?.[at] === 'number' ? text.padStart(widths[at]!) : text.padEnd(widths[at]!),
      )
      .join('  ')
      .trimEnd(),
  )
}
