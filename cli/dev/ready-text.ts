/** Somebody's token, ready to paste. */
export interface PrintedToken {
  readonly name: string
  readonly token: string
  readonly note: string | null
}

/** What there is to know about a running development server. */
export interface Ready {
  readonly app: string
  /** `http://127.0.0.1:4000` */
  readonly url: string
  /** With its password. */
  readonly databaseUrl: string
  readonly tokens: readonly PrintedToken[]
}

/** What `dev` prints when it is ready. A person's line holds the name, the token and who it is. */
export function readyText({ app, url, databaseUrl, tokens }: Ready): string {
  const width = Math.max(0, ...tokens.map(({ name }) => name.length))
  const people = tokens.map(
    ({ name, token, note }) => `  ${name.padEnd(width)}  ${token}${note === null ? '' : `  (${note})`}`,
  )
  return [
    `Rowhouse serves "${app}" at ${url}`,
    '',
    `  GraphiQL  ${url}/`,
    `  GraphQL   ${url}/graphql`,
    `  Database  ${databaseUrl}`,
    ...(people.length === 0 ? [] : ['', 'Tokens, for the header "authorization: Bearer <token>":', '', ...people]),
    '',
    'Ctrl-C stops it.',
  ].join('\n')
}
