/** Characters that would end a line, hide, or turn around what follows: of terminals and of Markdown. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu

/** Words of a database in one line that says what is there: names there may hold anything. */
export function shownText(text: string, most = 300): string {
  const line = text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(hidden, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`)
  return line.length > most ? `${line.slice(0, most)}…` : line
}

/** JSON that a terminal only shows: whatever is not ours may hold what JSON leaves as it is and terminals obey. It means the same. */
export function plainJson(json: string): string {
  return json.replaceAll(hidden, (char) =>
    char === '\n' ? char : [...Array(char.length).keys()].map((at) => escaped(char.charCodeAt(at))).join(''),
  )
}

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}

/** The same as code in Markdown, whatever backticks are in it. */
export function codeText(text: string): string {
  const shown = shownText(text)
  const runs = shown.match(/`+/g) ?? []
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1)
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${shown}${pad}${fence}`
}
