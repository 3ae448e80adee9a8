import { execute } from 'grafast'
import { parse } from 'graphql'
import { roleSetName } from '#migrations'
import type { Model } from '#schema'
import { buildRegistry } from '../../server/graphql/build-registry.ts'
import { createGraphqlSchema } from '../../server/graphql/create-graphql-schema.ts'
import { hiddenEntities } from '../../server/graphql/hidden-entities.ts'
import { RequestPool } from '../../server/postgres/pool.ts'
import type { ClientQuery, RequestClient, RequestSettings } from '../../server/postgres/with-pg-client.ts'

/** What a request asked Postgres, and what it answered. */
export interface RecordedRequest {
  readonly data: unknown
  readonly statements: readonly ClientQuery[]
}

/** Somebody with one role. */
export interface Caller {
  readonly role: string
  readonly tenant: string
  readonly actor: string
}

/** Asks as requests do, and keeps what goes to Postgres; close it. */
export interface RequestRecorder {
  ask(who: Caller, query: string, variables?: object): Promise<RecordedRequest>
  /** Sends a statement for a list of ids by the executor of requests. */
  askList(who: Caller, text: string, ids: readonly string[]): Promise<RecordedRequest>
  close(): Promise<void>
}

/** The API of a model on a pool of its own, as the login that serves requests. */
export function recordRequests(model: Model, loginUrl: string): RequestRecorder {
  const pool = new RequestPool({ connectionString: loginUrl, max: 2 })
  const { schema, resolvedPreset } = createGraphqlSchema(model)
  const { main: executor } = buildRegistry(model).pgExecutors
  /** What a request carries; its statements are noted. */
  const contextOf = ({ role, tenant, actor }: Caller, statements: ClientQuery[]) => {
    const pgSettings = {
      role: roleSetName(model.app, [role]),
      'rowhouse.tenant_id': tenant,
      'rowhouse.actor_id': actor,
    }
    const withPgClient = (given: RequestSettings, work: (client: RequestClient) => Promise<unknown>) =>
      pool.withPgClient(given, (client) =>
        work({
          ...client,
          query: (asked) => {
            statements.push(asked)
            return client.query(asked)
          },
        }),
      )
    return { withPgClient, pgSettings, hidden: hiddenEntities(model, [role]), roles: [role] }
  }
  const ask: RequestRecorder['ask'] = async (who, query, variableValues = {}) => {
    const statements: ClientQuery[] = []
    const contextValue = contextOf(who, statements)
    const document = parse(query)
    const result = await execute({ schema, resolvedPreset, document, variableValues, contextValue } as never)
    const { data, errors } = result as { data?: unknown; errors?: readonly Error[] }
    if (errors !== undefined) throw errors[0]!
    return { data, statements }
  }
  const askList: RequestRecorder['askList'] = async (who, text, ids) => {
    const statements: ClientQuery[] = []
    const context = contextOf(who, statements)
    const specs = ids.map((id) => ({ context, queryValues: [id] }))
    const { values } = await executor!.executeWithCache(
      specs as never,
      { text, rawSqlValues: [], identifierIndex: 1 } as never,
    )
    return { data: values, statements }
  }
  return { ask, askList, close: () => pool.close() }
}
