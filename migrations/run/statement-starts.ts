/**
 * Offsets at which the statements of a SQL text begin, comments before them left out. Knows strings, quoted names,
 * dollar quotes, comments and `begin atomic` bodies; it serves error messages alone.
 */
export function statementStarts(text: string): readonly number[] {
  const starts: number[] = []
  let open = false
  let depth = 0
  for (const token of text.matchAll(tokens)) {
    const word = token[0].toLowerCase()
    if (word.startsWith('--') || word.startsWith('/*')) continue
    if (word === ';' && depth === 0) {
      open = false
      continue
    }
    if (!open) starts.push(token.index)
    open = true
    if (/^begin\s+atomic$/.test(word) || (word === 'case' && depth > 0)) depth++
    else if (word === 'end' && depth > 0) depth--
  }
  return starts
}

const tokens =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\be'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([a-z_][a-z0-9_]*)?\$[\s\S]*?\$\1\$|begin\s+atomic\b|[a-z_][a-z0-9_$]*|\S/gi
