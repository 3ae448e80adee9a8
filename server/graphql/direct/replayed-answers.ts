import type { ClientQuery, ClientResult, RequestClient, WithPgClient } from '../../postgres/with-pg-client.ts'

interface Asked {
  readonly query: ClientQuery
  readonly answer: Promise<ClientResult<never>>
}

/** What Postgres answered to the statements of a read, so that what makes an answer of it need not ask again. */
export class ReplayedAnswers {
  readonly #asked: Asked[] = []

  /** True where nothing was asked. */
  get isEmpty(): boolean {
    return this.#asked.length === 0
  }

  /** Asks as before, and keeps what is answered. */
  keeping(withPgClient: WithPgClient): WithPgClient {
    return through(withPgClient, (client) => ({
      ...client,
      query: (query) => {
        const answer = client.query<never>(query)
        this.#asked.push({ query, answer })
        return answer
      },
    }))
  }

  /** Whoever asks the same is answered the same, errors too, and Postgres is not asked again. */
  replaying(withPgClient: WithPgClient): WithPgClient {
    return through(withPgClient, (client) => ({
      ...client,
      query: (query) => this.#asked.find((asked) => isSame(asked.query, query))?.answer ?? client.query(query),
    }))
  }
}

function through(withPgClient: WithPgClient, around: (client: RequestClient) => RequestClient): WithPgClient {
  const run = <T>(settings: RequestClient['settings'], work: (client: RequestClient) => T | Promise<T>) =>
    withPgClient(settings, (client) => work(around(client)))
  return Object.assign(run, { release: () => undefined })
}

function isSame(one: ClientQuery, other: ClientQuery): boolean {
  return one.text === other.text && JSON.stringify(one.values) === JSON.stringify(other.values)
}
