import { constant, context, type ExecutableStep, lambda, object } from 'grafast'
import { RequestError, upperFirst } from '#base'
import type { CodeContext } from '../../bodies/run-body.ts'
import { RefusedRows } from '../../refused-rows.ts'
import { type BatchMutation, batchMutations, rowsPayloadName, showsRows } from '../batch-mutations.ts'
import { changeStep } from '../idempotency/change-step.ts'
import { type BatchAsked, type BatchInput, type BatchRow, batchRows } from '../mutations/batch-rows.ts'
import { changeRows } from '../mutations/change-rows.ts'
import type { Given } from '../mutations/write-rows.ts'
import { nestedBatch } from '../nested/nested-batch.ts'
import { countWrites } from '../nested/planned-writes.ts'
import { runWrites } from '../nested/run-writes.ts'
import type { WritePlan } from '../nested/write-plan.ts'
import { batchInputName, keysPayloadName, registerBatchTypes } from './batch-types.ts'
import { transitionPurpose } from './row-mutations-plugin.ts'
import 'postgraphile'

/** `createOrders` and its like: several rows in one statement, all or none; and `upsertOrder`. */
export const BatchMutationsPlugin: GraphileConfig.Plugin = {
  name: 'BatchMutationsPlugin',
  version: '1.0.0',
  after: ['RowInputsPlugin', 'PgTablesPlugin', 'RowMutationsPlugin'],
  schema: {
    hooks: {
      init(_, build) {
        registerBatchTypes(build)
        return _
      },
      GraphQLObjectType_fields(fields, build, context) {
        if (context.scope.isRootMutation !== true) return fields
        const added = batchMutations(build).map((mutation) => [
          mutation.name,
          context.fieldWithHooks({ fieldName: mutation.name }, () => mutationField(build, mutation) as never),
        ])
        return build.extend(fields, Object.fromEntries(added), 'BatchMutationsPlugin')
      },
    },
  },
}

const purposes: Readonly<Record<BatchMutation['verb'], string>> = {
  create: 'Makes rows: all or none.',
  update: 'Changes rows: all or none. Fields that a patch leaves out stay as they are.',
  delete: 'Deletes rows for good: all or none.',
  remove: 'Takes rows out of sight: all or none.',
  restore: 'Brings removed rows back: all or none.',
  act: 'Brings rows to another state: all or none.',
  upsert: 'Makes rows, or changes those that are there with the same unique values: all or none.',
}

const single = 'Makes a row, or changes the one that is there with the same unique values.'

function mutationField(build: GraphileBuild.Build, mutation: BatchMutation) {
  return {
    type: build.getOutputTypeByName(payloadName(mutation)),
    description: mutation.isSingle ? single : purposeOf(mutation),
    deprecationReason: mutation.entity.deprecated ?? undefined,
    args: {
      input: {
        // Its type says all; empty, or a stock sentence takes its place.
        description: '',
        type: new build.graphql.GraphQLNonNull(build.getInputTypeByName(batchInputName(mutation))),
      },
    },
    plan: (_root: unknown, args: { getRaw(name: string): ExecutableStep }) => {
      const $input = args.getRaw('input')
      return object({
        entity: constant(mutation.entity.name),
        result: changeStep<Prepared>({
          mutation: mutation.name,
          executor: mutation.resource.executor,
          ...{ $input, $prepared: preparedRows(mutation, $input) },
          inputType: build.getInputTypeByName(batchInputName(mutation)) as never,
          change: async (client, { input, roles }) => {
            const { plan, model, context: asking } = input
            const of = { ...mutation, model, roles, context: asking }
            const written = plan === null ? changeRows(client, of, input) : runWrites(client, of, plan)
            const keys = await written.catch((error) => refuse(mutation, error))
            return mutation.isSingle ? keys[0]! : { keys }
          },
        }),
      })
    },
  }
}

function purposeOf({ verb, transition }: BatchMutation): string {
  const purpose = transitionPurpose(transition)
  return purpose === null ? purposes[verb] : `${purpose} Several rows: all or none.`
}

function payloadName(mutation: BatchMutation): string {
  if (mutation.isSingle) return `${upperFirst(mutation.name)}Payload`
  return showsRows(mutation) ? rowsPayloadName(mutation.entity) : keysPayloadName(mutation)
}

/** An input, ready to be written. */
interface Prepared {
  readonly input: BatchInput
  readonly rows: readonly Given<BatchRow>[]
  /** Where there are rows inside of rows; null: `rows` are all. */
  readonly plan: WritePlan | null
  /** With all that rules say. */
  readonly model: BatchAsked['model']
  /** Of the request. */
  readonly context: CodeContext
}

interface GivenBatch extends BatchAsked {
  readonly input: BatchInput
  readonly context: CodeContext
}

/** Before a connection is taken, for a hash takes its time. */
function preparedRows(mutation: BatchMutation, $input: ExecutableStep): ExecutableStep {
  const asked = (what: string) => context().get(what as never)
  const $given = object({
    ...{ input: $input, sealing: asked('sealing') },
    ...{ roles: asked('roles'), model: asked('rowhouseModel'), transaction: asked('transaction') },
    context: context(),
  })
  return lambda($given, async (given): Promise<Prepared> => {
    const { input, context: asking, ...who } = given as unknown as GivenBatch
    const plan = await nestedBatch(mutation, input, who)
    const rows = plan === null ? await batchRows(mutation, input, who) : []
    countWrites(who.transaction, plan ?? { size: writtenSize(mutation, rows) })
    return { input, rows, plan, model: who.model, context: asking }
  })
}

/** Links are rows too. */
function writtenSize({ links }: BatchMutation, rows: Prepared['rows']): number {
  const linked = rows.flatMap((row) =>
    row instanceof RequestError ? [] : links.map(({ idsName }) => linkedTo(row.values?.[idsName])),
  )
  return linked.reduce((sum, count) => sum + count, rows.length)
}

function linkedTo(ids: unknown): number {
  return Array.isArray(ids) ? ids.length : 0
}

/** Of a single row it is told what is wrong with it, and no place. */
function refuse({ isSingle }: BatchMutation, error: unknown): never {
  throw isSingle && error instanceof RefusedRows ? error.faults[0]!.error : error
}
