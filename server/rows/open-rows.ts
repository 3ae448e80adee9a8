import { execute } from 'grafast'
import type { ExecutionResult, GraphQLError } from 'graphql'
import { Bug, RequestError, type Row, type RowId, type RowQuery, type Rows } from '#base'
import type { Entity, Model } from '#schema'
import { rowFieldName } from '../graphql/api-names.ts'
import type { GraphqlApi } from '../graphql/create-graphql-schema.ts'
import type { HiddenEntities } from '../graphql/hidden-entities.ts'
import { keyFields, keyOf } from '../graphql/key-fields.ts'
import { sameText } from '../graphql/mutations/batch-rows.ts'
import { type Hint, HintedError, hintOf, shown } from '../hinted-error.ts'
import { withLightAbort } from '../http/light-abort.ts'
import type { RequestClient, RequestSettings } from '../postgres/with-pg-client.ts'
import { checkedQuery, objectOf } from './checked-query.ts'
import { inputFault } from './input-fault.ts'
import { inputFieldsOf, type RowDocument, RowDocuments } from './row-documents.ts'
import { rowKey } from './row-key.ts'
import { fromApi, toApi } from './words.ts'

/** For whom code works with rows, in which API. */
export interface RowsCaller {
  readonly api: GraphqlApi
  /** That the API was built from, with all that rules say. */
  readonly model: Model
  /** What plans find in the context of the caller's own requests; `transaction` is what its writes are counted by. */
  readonly context: RowsContext
  /** What the caller may be told of an error. */
  readonly tell: (error: unknown) => GraphQLError
}

/** Who asks, as plans and mutations need to know it. */
export interface RowsContext {
  readonly pgSettings: RequestSettings
  readonly transaction: object
  /** Entities that the caller reads no row of. */
  readonly hidden?: HiddenEntities
  readonly [name: string]: unknown
}

/** {@link Rows} that can be taken away. */
export interface OpenRows extends Rows {
  /** The rows of these keys, in their order, in one statement; null for those that the caller does not read. */
  byKeys(entity: string, keys: readonly Readonly<Record<string, unknown>>[]): Promise<readonly (Row | null)[]>
  /**
   * Resolves when nothing runs any more; whoever asks afterwards is refused.
   *
   * @throws what broke the transaction, also where the code passed over it: a read that Postgres refused
   */
  close(): Promise<void>
}

/**
 * Rows as code reads and writes them, in the transaction of the client: each call is an operation of the caller's own API, so what is refused,
 * counted, sealed and hidden is so in one place. One call runs after the other, and a write that is refused undoes itself alone.
 */
export function openRows(client: RequestClient, caller: RowsCaller): OpenRows {
  return new CallerRows(insideClient(client), caller)
}

/** Rows that one `find` answers when nobody says how many. */
const usualRows = 100

class CallerRows implements OpenRows {
  readonly #client: RequestClient
  readonly #caller: RowsCaller
  readonly #documents: RowDocuments
  #last: Promise<unknown> = Promise.resolve()
  #isClosed = false
  /** Outside of every savepoint. */
  #hasFailed = false
  #broken: Error | null = null

  constructor(client: RequestClient, caller: RowsCaller) {
    this.#client = {
      ...client,
      query: async (query) => {
        try {
          return await client.query(query)
        } catch (error) {
          this.#hasFailed = true
          throw error
        }
      },
    }
    this.#caller = caller
    this.#documents = documentsOf(caller)
  }

  async find(name: string, query: RowQuery = {}) {
    const entity = this.#entity(name)
    const list = this.#documents.list(entity)
    if (list === null) throw noRule()
    const asked = checkedQuery({ entity, entities: this.#documents.entities, list }, query)
    const filter = toApi(list.filterType, asked.filter)
    const order = asked.order.length === 0 ? {} : { orderBy: asked.order }
    const variables = { first: asked.first ?? usualRows, filter, ...order }
    const cursor = asked.after === null ? {} : { after: await this.#cursorOf(entity, asked.after as RowId, variables) }
    const { nodes } = (await this.#read(list, { ...variables, ...cursor })) as { readonly nodes: readonly Row[] }
    return nodes
  }

  async get(name: string, id: RowId): Promise<Row | null> {
    const entity = this.#entity(name)
    const list = this.#documents.list(entity)
    if (list === null) throw noRule()
    const filter = {
      and: Object.entries(this.#key(entity, id)).map(([field, value]) => ({ [field]: { equalTo: value } })),
    }
    const { nodes } = (await this.#read(list, { filter, first: 1 })) as { readonly nodes: readonly Row[] }
    return nodes[0] ?? null
  }

  async byKeys(name: string, keys: readonly Readonly<Record<string, unknown>>[]): Promise<readonly (Row | null)[]> {
    if (keys.length === 0) return []
    const entity = this.#entity(name)
    const fields = keyFields(entity, this.#documents.entities)
    const [first] = fields
    const where =
      fields.length === 1
        ? { [first!.name]: { in: keys.map((key) => key[first!.name]) } }
        : { anyOf: keys.map((key) => keyOf(entity, this.#documents.entities, key)) }
    const found = await this.find(name, { where, first: keys.length })
    const textOf = (row: Readonly<Record<string, unknown>>) =>
      JSON.stringify(fields.map((field) => sameText(field, row[field.name])))
    const rows = new Map(found.map((row) => [textOf(row), row]))
    return keys.map((key) => rows.get(textOf(key)) ?? null)
  }

  async create(name: string, values: object): Promise<Row> {
    const entity = this.#entity(name)
    const made = await this.#change(entity, 'create', {
      [rowFieldName(entity)]: objectOf(values, 'What a row is made of'),
    })
    return (made[rowFieldName(entity)] ?? keyOf(entity, this.#documents.entities, made)) as Row
  }

  async update(name: string, id: RowId, values: object): Promise<Row | null> {
    const entity = this.#entity(name)
    const changed = await this.#change(entity, 'update', {
      ...this.#key(entity, id),
      patch: objectOf(values, 'What changes in a row'),
    })
    return changed[rowFieldName(entity)] as Row | null
  }

  async remove(name: string, id: RowId): Promise<void> {
    const entity = this.#entity(name)
    await this.#change(entity, 'remove', this.#key(entity, id))
  }

  async restore(name: string, id: RowId): Promise<Row | null> {
    const entity = this.#entity(name)
    const restored = await this.#change(entity, 'restore', this.#key(entity, id))
    return restored[rowFieldName(entity)] as Row | null
  }

  async delete(name: string, id: RowId): Promise<void> {
    const entity = this.#entity(name)
    await this.#change(entity, 'delete', this.#key(entity, id))
  }

  async act(name: string, verb?: string | object, id?: RowId, input: object = {}): Promise<unknown> {
    const isOfApp = typeof verb !== 'string' && !this.#documents.entities.has(name)
    if (isOfApp) return await this.#actOfApp(name, verb)
    const entity = this.#entity(name)
    const verbs = [...(entity.lifecycle?.transitions ?? []), ...entity.actions].map((each) => each.name)
    if (typeof verb !== 'string' || !verbs.includes(verb))
      throw unknown(`"${name}" cannot be acted on with "${shown(verb)}".`, { given: shown(verb), known: verbs })
    const answer = await this.#change(entity, verb, {
      ...objectOf(input, `The input of "${verb}"`),
      ...this.#key(entity, id as RowId),
    })
    return 'output' in answer ? answer.output : (answer[rowFieldName(entity)] ?? null)
  }

  async #actOfApp(name: string, input: unknown = {}): Promise<unknown> {
    const document = this.#documents.appAction(name)
    if (document === null)
      throw unknown(`The app has no action "${shown(name)}".`, { given: name, known: this.#documents.appActions })
    const answer = await this.#write(document, objectOf(input, `The input of "${name}"`))
    return answer.output ?? null
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#last
    if (this.#broken !== null) throw this.#broken
  }

  #entity(name: string): Entity {
    const entity = this.#documents.entities.get(name)
    if (entity !== undefined) return entity
    throw unknown(`There is no entity "${shown(name)}".`, { given: name, known: [...this.#documents.entities.keys()] })
  }

  #key(entity: Entity, id: RowId): Readonly<Record<string, unknown>> {
    return rowKey(entity, this.#documents.entities, id)
  }

  /** Of the row with the id, in the same order. */
  async #cursorOf(entity: Entity, id: RowId, { orderBy }: { readonly orderBy?: readonly string[] }): Promise<string> {
    const list = this.#documents.list(entity)!
    const filter = {
      and: Object.entries(this.#key(entity, id)).map(([field, value]) => ({ [field]: { equalTo: value } })),
    }
    const found = (await this.#read(list, { filter, first: 1, ...(orderBy === undefined ? {} : { orderBy }) })) as {
      readonly edges: readonly { readonly cursor: string }[]
    }
    const [edge] = found.edges
    if (edge === undefined)
      throw new RequestError('NOT_FOUND', 'There is no such row for "after".', { fields: ['after'] })
    return edge.cursor
  }

  async #read(document: RowDocument, variables: object): Promise<unknown> {
    return await this.#inTurn(() =>
      this.#run(this.#client, document, variables).catch((error: Error) => {
        if (this.#hasFailed) this.#broken ??= error
        throw error
      }),
    )
  }

  async #change(entity: Entity, verb: string, given: object): Promise<Readonly<Record<string, unknown>>> {
    const document = this.#documents.change(entity, verb, this.#caller.context.hidden?.[entity.name] === true)
    if (document === null) throw noRule()
    const known = new Set(inputFieldsOf(document))
    const own = Object.entries(given).filter(([name]) => known.has(name) || name !== rowFieldName(entity))
    return await this.#write(document, Object.fromEntries(own))
  }

  async #write(document: RowDocument, given: object): Promise<Readonly<Record<string, unknown>>> {
    const input = toApi(document.inputType, given)
    const answer = await this.#inTurn(() =>
      this.#client.withTransaction((inner) => this.#run(inner, document, { input })),
    )
    return answer as Readonly<Record<string, unknown>>
  }

  /** Savepoints know no siblings. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw closed()
    const running = this.#last.then(() => (this.#isClosed ? Promise.reject(closed()) : work()))
    this.#last = running.catch(() => undefined)
    return running
  }

  async #run(client: RequestClient, { document, outputType }: RowDocument, variableValues: object): Promise<unknown> {
    const { api, context } = this.#caller
    const { schema, resolvedPreset } = api
    const inner = insideClient(client)
    const withPgClient = Object.assign(
      async (given: RequestSettings, work: (client: RequestClient) => unknown) => {
        if (given !== context.pgSettings) throw new Bug('A step asked as somebody else than its caller.')
        return await work(inner)
      },
      { release: () => undefined },
    )
    const contextValue = { ...context, withPgClient, isInside: true }
    const result = (await withLightAbort(() =>
      execute({ schema, document, variableValues, contextValue, resolvedPreset } as never),
    )) as ExecutionResult
    const failed = (result.errors ?? []).find((error) => !isHiddenValue(error))
    if (failed !== undefined) throw this.#told(failed)
    return fromApi(outputType, result.data?.answer)
  }

  /** Code is told what the caller would be told. */
  #told(error: GraphQLError): RequestError {
    const { message, extensions } = this.#caller.tell(error)
    // Values are read before anything runs: what is wrong with them has no place in the answer.
    const fault = error.path === undefined ? inputFault(this.#caller.api.schema, message) : null
    if (fault !== null) return fault
    const {
      code,
      http: _http,
      ...facts
    } = extensions as { readonly code: RequestError['code']; readonly http?: unknown }
    return new RequestError(code, message, facts)
  }
}

/** Of a policy that says `onHidden: 'error'`: for code such values are null, as all that are hidden. */
function isHiddenValue({ path = [], originalError }: GraphQLError): boolean {
  if (path.length < 3 || !(originalError instanceof RequestError) || originalError.code !== 'FORBIDDEN') return false
  const { fields } = originalError.extensions as { readonly fields?: readonly unknown[] }
  return fields?.[0] === path.at(-1)
}

function unknown(message: string, hint: Hint): RequestError {
  return new HintedError(message, [], hintOf({ ...hint, given: shown(hint.given) }))
}

function noRule(): RequestError {
  return new RequestError('FORBIDDEN', 'No rule allows this.')
}

function closed(): RequestError {
  return new RequestError('TIMEOUT', 'What asks is over already.')
}

function documentsOf({ api, model }: RowsCaller): RowDocuments {
  let known = documents.get(api)
  if (known === undefined) {
    known = new RowDocuments(model, api)
    documents.set(api, known)
  }
  return known
}

const documents = new WeakMap<GraphqlApi, RowDocuments>()

/** Nothing that code does ends its transaction, and no select of it is one of the answer. */
function insideClient(client: RequestClient): RequestClient {
  return {
    ...client,
    ahead: null,
    finish: () => undefined,
    query: (query) => client.query({ ...query, isInside: true }),
  }
}
