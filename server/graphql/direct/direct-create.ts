import type { PgSelectStep } from '@dataplan/pg'
import { type ExecutionResult, type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql'
import type { PlannedChange } from '../../postgres/change-ahead.ts'
import { withLateValues } from '../../postgres/late-value.ts'
import type { RequestTransaction } from '../../postgres/request-transaction.ts'
import type { ClientQuery, RequestClient, RequestSettings } from '../../postgres/with-pg-client.ts'
import { writtenStatement } from '../known-statements.ts'
import type { DirectWrite, SendChange } from './direct-write.ts'
import type { PlannedRow } from './planned-row.ts'
import type { ValueReader } from './value-reader.ts'

/** What of a request a direct create works with. */
export interface DirectContext {
  readonly pgSettings: RequestSettings
  readonly transaction: RequestTransaction
}

/** A mutation that makes one row and reads columns of it, as its plan has it. */
export interface CreatePlan {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly change: PlannedChange
  readonly write: DirectWrite
  /** The input, of the variables. */
  readonly readInput: ValueReader
  readonly select: PgSelectStep
  /** What the select depends on, of the key of the row; null: something else. */
  readonly readKeys: readonly (ValueReader | null)[]
  readonly row: PlannedRow
}

type Variables = Readonly<Record<string, unknown>>

/**
 * Does such a mutation as Grafast does, by the same steps, but one after the other: without all that it keeps to do any other plan, which is a third of what a new row costs this
 * process. It answers what succeeds. Whatever fails in Postgres is undone there, and done again by Grafast, which tells why.
 */
export class DirectCreate {
  readonly plan: CreatePlan
  #select: ClientQuery | null = null

  constructor(plan: CreatePlan) {
    this.plan = plan
  }

  /** Null: nothing was sent, and Grafast shall do it. */
  async run(variables: Variables, context: DirectContext): Promise<ExecutionResult | null> {
    const select = this.#written()
    const send = select === null ? null : this.#sendOf(variables)
    if (select === null || send === null) return null
    const { transaction, pgSettings } = context
    transaction.expectChange(this.plan.change)
    return await transaction.withPgClient(pgSettings, (client) => this.#send(client, send, select))
  }

  /** The same for every request: the key of the row is written in it. Null until Grafast has asked once. */
  #written(): ClientQuery | null {
    if (this.#select !== null) return this.#select
    const { select, readKeys, write } = this.plan
    const statement = writtenStatement(
      select,
      readKeys.map((read) => read?.(write.key)),
    )
    if (statement !== null) this.#select = withLateValues({ ...statement, arrayMode: true })
    return this.#select
  }

  /** Null: what is wrong with the variables, or with the input, is for Grafast to tell. */
  #sendOf(variables: Variables): SendChange | null {
    const { schema, operation, readInput, write } = this.plan
    try {
      const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables)
      return coerced === undefined ? null : write.sendOf(readInput(coerced) as Variables)
    } catch {
      return null
    }
  }

  async #send(client: RequestClient, send: SendChange, select: ClientQuery): Promise<ExecutionResult | null> {
    const { ahead } = client
    // Of a change that shall wait somebody wants to know why it fails.
    if (ahead?.isKeyLate !== true) return null
    const { row } = this.plan
    send(client as typeof client & { readonly ahead: typeof ahead })
    try {
      const { rows } = await client.query<readonly unknown[]>(select)
      return { data: row.write(rows[0]) as never }
    } catch (error) {
      // Whatever else there is of the data is not told.
      return { data: { [row.name]: null }, errors: [row.placed(error)] }
    }
  }
}
