import { Bug } from '#base'
import type { RequestTransaction } from '../postgres/request-transaction.ts'
import type { RequestClient, RequestSettings } from '../postgres/with-pg-client.ts'
import type { OpenRows } from '../rows/open-rows.ts'

/** How the transaction of a job works with rows. */
export interface JobTransactionOptions {
  readonly settings: RequestSettings
  readonly openRows: (client: RequestClient) => OpenRows
}

/** The transaction of a job: there is none until its body asks for something. */
export class JobTransaction {
  readonly #begin: () => RequestTransaction
  readonly #options: JobTransactionOptions
  #transaction: RequestTransaction | null = null
  #client: RequestClient | null = null
  #rows: OpenRows | null = null
  #isUsed = false

  constructor(begin: () => RequestTransaction, options: JobTransactionOptions) {
    this.#begin = begin
    this.#options = options
  }

  /** True when something was asked of the database. */
  get isUsed(): boolean {
    return this.#isUsed
  }

  /** Null: the body did not look at rows. */
  get rows(): OpenRows | null {
    return this.#rows
  }

  /** Rows, opened now if they were not. */
  get openedRows(): OpenRows {
    this.#rows ??= this.#options.openRows(this.client)
    return this.#rows
  }

  get client(): RequestClient {
    this.#client ??= this.#open()
    return this.#client
  }

  /** @throws what Postgres says when it refuses to commit */
  async end(isKept: boolean): Promise<void> {
    if (isKept) await this.#transaction?.end({ isKept })
    else await this.#transaction?.end({ isKept }).catch(() => undefined)
  }

  #open(): RequestClient {
    this.#transaction = this.#begin()
    let given: RequestClient | undefined
    void this.#transaction.withPgClient(this.#options.settings, (client) => {
      given = client
    })
    if (given === undefined) throw new Bug('A transaction gives its client at once.')
    const client: RequestClient = given
    const use = <T>(work: () => T): T => {
      this.#isUsed = true
      return work()
    }
    return {
      ...client,
      query: (query) => use(() => client.query(query)),
      send: (query) => use(() => client.send(query)),
      withTransaction: (work) => use(() => client.withTransaction(work)),
    }
  }
}
