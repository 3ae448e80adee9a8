import type { RequestClient, RequestSettings, WithPgClient } from './with-pg-client.ts'

/**
 * Runs work whose every step would take a transaction of its own in a single one; the steps run one after the other,
 * each undone by itself when it fails. Commits only what `isKept` accepts; the result is returned either way.
 */
export async function inOneTransaction<T>(
  withPgClient: WithPgClient,
  settings: RequestSettings,
  options: { readonly work: (withPgClient: WithPgClient) => Promise<T>; readonly isKept: (result: T) => boolean },
): Promise<T> {
  try {
    return await withPgClient(settings, async (client) => {
      const result = await options.work(stepwise(client))
      if (!options.isKept(result)) throw new Undone(result)
      return result
    })
  } catch (error) {
    if (error instanceof Undone) return error.result as T
    throw error
  }
}

/** Thrown for the rollback alone. */
class Undone extends Error {
  readonly result: unknown

  constructor(result: unknown) {
    super('The transaction is undone.')
    this.result = result
  }
}

function stepwise(client: RequestClient): WithPgClient {
  let last: Promise<unknown> = Promise.resolve()
  const step = <T>(_settings: RequestSettings, work: (client: RequestClient) => T | Promise<T>): Promise<T> => {
    const running = last.then(() => client.withTransaction(async (savepoint) => await work(savepoint)))
    last = running.catch(() => undefined)
    return running
  }
  return Object.assign(step, { release: () => undefined })
}
