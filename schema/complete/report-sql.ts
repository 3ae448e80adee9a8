/** What is wrong with the text of a report, and where: an offset into it. */
export interface SqlFault {
  readonly message: string
  readonly hint: string
  readonly at: number
}

/** A piece of SQL as Postgres splits it. */
interface Token {
  readonly kind: 'space' | 'text' | 'name' | 'word' | 'sign' | 'open'
  readonly text: string
  readonly at: number
}

/** Comments nest, so they are found by counting; everything else by a pattern. Longest first. */
const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['space', /(?:[ \t\n\r\f\v]+|--[^\n\r]*)/y],
  ['text', /[eE]'(?:[^'\\]|\\[\s\S]|'')*'/y],
  ['text', /(?:[uU]&|[bBxXnN])?'(?:[^']|'')*'/y],
  ['name', /(?:[uU]&)?"(?:[^"]|"")*"/y],
  ['text', /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$/y],
  // Numbers may end in letters nowhere that matters here; what is no number to Postgres is refused by Postgres.
  ['word', /[\w\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ['open', /['"]|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y],
  ['sign', /[\s\S]/y],
]

/**
 * Why a text is not one `select` that can stand inside of brackets; null when it is. Postgres reads the rest: this only keeps the
 * text from being more than a select.
 */
export function reportFault(sqlText: string): SqlFault | null {
  const tokens = tokensOf(sqlText).filter(({ kind }) => kind !== 'space')
  const [first] = tokens
  if (first === undefined) return fault('This file holds no select.', 'Write one `select` into it.', 0)
  const begins = first.kind === 'word' && /^(select|with)$/i.test(first.text)
  if (!begins) return fault('A report is one `select`.', 'Begin with `select` or `with`.', first.at)
  return tokens.map(tokenFault).find((each) => each !== null) ?? bracketFault(tokens)
}

function tokenFault({ kind, text, at }: Token, index: number, all: readonly Token[]): SqlFault | null {
  if (kind === 'open') return fault(`This ${text} is not closed.`, 'Close it, or take it out.', at)
  if (kind === 'sign' && text === ';') {
    const hint = 'Leave the `;` out: the file holds one select and nothing else.'
    return fault(index === all.length - 1 ? 'A select ends without `;` here.' : 'A report is one `select`.', hint, at)
  }
  if (kind === 'sign' && text === '$')
    return fault('A report has no parameters.', 'Filters of the request narrow it; leave the `$` out.', at)
  // Behind a line break it goes on with other rules for backslashes.
  if (kind === 'text' && /^[eE]/.test(text) && all[index + 1]?.text.startsWith("'") === true)
    return fault('This text goes on in the next line.', 'Write it as one, or put `||` between the two.', at)
  const placeholder = kind === 'text' || kind === 'name' ? /:[A-Z]/.exec(text) : null
  if (placeholder === null) return null
  const hint = "Migrations replace such words. Split the text: 'a:' || 'B'."
  return fault('A text must not hold a `:` in front of a capital letter.', hint, at + placeholder.index)
}

function bracketFault(tokens: readonly Token[]): SqlFault | null {
  const open: Token[] = []
  for (const token of tokens.filter(({ kind }) => kind === 'sign')) {
    if ('(['.includes(token.text)) open.push(token)
    if (!')]'.includes(token.text)) continue
    const opened = open.pop()
    if (opened === undefined || '(['.indexOf(opened.text) !== ')]'.indexOf(token.text))
      return fault(
        `This ${token.text} closes nothing.`,
        'A bracket is missing before it, or it is one too many.',
        token.at,
      )
  }
  const left = open.at(-1)
  return left === undefined ? null : fault(`This ${left.text} is not closed.`, 'Close it, or take it out.', left.at)
}

/**
 * The text as it stands in a migration, which replaces words such as `:OWNER`: `x::DATE` becomes `x:: DATE`, comments are left out.
 */
export function embeddableSql(sqlText: string): string {
  const tokens = tokensOf(sqlText)
  const kept = tokens.map(({ kind, text }) => (kind === 'space' ? text.replace(/^(?:--|\/\*)[\s\S]*$/, ' ') : text))
  return kept
    .map((text, index) => (text === ':' && /^[A-Z]/.test(kept[index + 1] ?? '') ? ': ' : text))
    .join('')
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{2,}/g, '\n')
    .trim()
}

function tokensOf(sqlText: string): readonly Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < sqlText.length; ) {
    const token = commentAt(sqlText, at) ?? tokenAt(sqlText, at)
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

function tokenAt(sqlText: string, at: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const text = pattern.exec(sqlText)?.[0]
    if (text !== undefined) return { kind, text, at }
  }
  return { kind: 'sign', text: sqlText[at]!, at }
}

/** `/* … *\/`, which may hold others. One that is not closed is told as that. */
function commentAt(sqlText: string, at: number): Token | null {
  if (!sqlText.startsWith('/*', at)) return null
  let depth = 0
  for (let place = at; place < sqlText.length; ) {
    const pair = sqlText.slice(place, place + 2)
    depth += pair === '/*' ? 1 : pair === '*/' ? -1 : 0
    place += pair === '/*' || pair === '*/' ? 2 : 1
    if (depth === 0) return { kind: 'space', text: sqlText.slice(at, place), at }
  }
  return { kind: 'open', text: '/*', at }
}

function fault(message: string, hint: string, at: number): SqlFault {
  return { message, hint, at }
}
