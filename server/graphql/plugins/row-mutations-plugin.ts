import type { PgResource } from '@dataplan/pg'
import { constant, context, type ExecutableStep, get, object } from 'grafast'
import { Bug, toText, upperFirst } from '#base'
import { grantedTransitions, isHooked, movable, tellsWhy } from '#migrations'
import { indexModel, rowsSql } from '#policies'
import { type Entity, keyColumnsOf, type Model, type Transition } from '#schema'
import { afterRemovals, beforeRemovals, hasHooks } from '../../bodies/row-hooks.ts'
import type { CodeContext } from '../../bodies/run-body.ts'
import { seenRows } from '../../bodies/seen-rows.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { inputName, mutationName, patchName, rowFieldName } from '../api-names.ts'
import { sendCreate } from '../direct/send-create.ts'
import { grantedVerbs, type WriteVerb } from '../granted-verbs.ts'
import { inputType, outputType } from '../graphql-type.ts'
import { changeStep } from '../idempotency/change-step.ts'
import { keyFields, keyOf } from '../key-fields.ts'
import { entitiesOf, entityResources } from '../model-of-build.ts'
import type { RowValues } from '../mutations/column-values.ts'
import { expectationName, mayExpect } from '../mutations/expectation.ts'
import { explainRefusal } from '../mutations/explain-refusal.ts'
import { type MoveTarget, moveRow } from '../mutations/move-row.ts'
import { transitHookedRow } from '../mutations/transit-hooked.ts'
import { transitRow } from '../mutations/transit-rows.ts'
import {
  deleteRow,
  keyColumns,
  type RowKey,
  type RowTarget,
  runVerb,
  type WrittenEntity,
} from '../mutations/write-row.ts'
import { nestedModel } from '../nested/nested-sides.ts'
import { countWrites, plannedWrites } from '../nested/planned-writes.ts'
import { runWrites } from '../nested/run-writes.ts'
import type { RootRow, WritePlan } from '../nested/write-plan.ts'
import { sureExtensions } from '../sure-fields.ts'
import { hasPatch } from '../writable-fields.ts'
import { deletedNodeIdField } from './deleted-node-ids.ts'
import 'postgraphile'

interface MutationInput {
  readonly clientMutationId?: string | null
  readonly patch: RowValues
  /** The key, and the new row. */
  readonly [name: string]: unknown
}

interface RowMutation extends Omit<WrittenEntity, 'roles'> {
  readonly verb: WriteVerb | 'move' | 'act'
  /** Of `act`. */
  readonly transition: Transition | null
  readonly entity: Entity
  readonly resource: PgResource
  readonly model: Model
  /** A rule denies updates or deletes. */
  readonly tellsWhy: boolean
  /** `createOrder` */
  readonly name: string
}

/** `createOrder`, `updateOrder`, `deleteOrder`, `removeOrder`, `restoreOrder`, `moveOrderLine`, `approveOrder` and other transitions, as far as a rule grants the verb to anybody. */
export const RowMutationsPlugin: GraphileConfig.Plugin = {
  name: 'RowMutationsPlugin',
  version: '1.0.0',
  after: ['RowInputsPlugin', 'PgTablesPlugin'],
  schema: {
    hooks: {
      init(_, build) {
        for (const mutation of rowMutations(build)) {
          registerInput(build, mutation)
          registerPayload(build, mutation)
        }
        return _
      },
      GraphQLObjectType_fields(fields, build, context) {
        if (context.scope.isRootMutation !== true) return fields
        const added = rowMutations(build).map((mutation) => [
          mutation.name,
          context.fieldWithHooks({ fieldName: mutation.name }, () => mutationField(build, mutation) as never),
        ])
        return build.extend(fields, Object.fromEntries(added), 'RowMutationsPlugin')
      },
    },
  },
}

function rowMutations(build: GraphileBuild.Build): readonly RowMutation[] {
  const model = build.input.rowhouseModel
  const index = indexModel(model)
  return entityResources(build).flatMap(({ entity, resource }) => {
    const facts = { entity, resource, model, table: toText(rowsSql(entity, index)), entities: entitiesOf(build) }
    const of = { ...facts, tellsWhy: tellsWhy(entity, index), transition: null }
    const moves = movable(entity, index) === null ? [] : (['move'] as const)
    const verbs = [...grantedVerbs(model, entity), ...moves].filter(
      (verb) => verb !== 'update' || hasPatch(entity, entitiesOf(build)),
    )
    return [
      ...verbs.map((verb) => ({ ...of, verb, name: mutationName(verb, entity) })),
      ...grantedTransitions(entity, index).map((transition) => ({
        ...{ ...of, verb: 'act' as const, transition },
        name: mutationName(transition.name, entity),
      })),
    ]
  })
}

const purposes: Readonly<Record<RowMutation['verb'], string>> = {
  create: 'Makes a new row.',
  update: 'Changes a row. Fields that the patch leaves out stay as they are.',
  delete: 'Deletes a row for good.',
  remove: 'Takes a row out of sight; `restore` brings it back.',
  restore: 'Brings a removed row back.',
  act: 'Brings a row to another state.',
  move: 'Gives a row another place among its siblings.',
}

/** What a transition does; the author's note says more. */
export function transitionPurpose(transition: Transition | null): string | null {
  if (transition === null) return null
  const { from, to, note } = transition
  const way = `From ${from.map((state) => `\`${state}\``).join(' or ')} to \`${to}\`.`
  return note === null ? way : `${note} ${way}`
}

function inputTypeName(mutation: RowMutation): string {
  return `${upperFirst(mutation.name)}Input`
}

function payloadTypeName(mutation: RowMutation): string {
  return `${upperFirst(mutation.name)}Payload`
}

function registerInput(build: GraphileBuild.Build, mutation: RowMutation): void {
  const spec = () => ({
    description: `What \`${mutation.name}\` takes.`,
    fields: () => ({
      clientMutationId: { type: build.graphql.GraphQLString, description: 'Comes back in the payload, unread.' },
      ...inputFields(build, mutation),
    }),
  })
  build.registerInputObjectType(inputTypeName(mutation), { isMutationInput: true }, spec as never, 'RowMutationsPlugin')
}

function inputFields(build: GraphileBuild.Build, { verb, entity, entities }: RowMutation): Record<string, unknown> {
  const nonNull = (type: string) => ({ type: new build.graphql.GraphQLNonNull(build.getInputTypeByName(type)) })
  const key = Object.fromEntries(
    keyFields(entity, entities).map(({ name, type }) => [
      name,
      { type: new build.graphql.GraphQLNonNull(inputType(build, type) as never) },
    ]),
  )
  if (verb === 'move') return { ...key, ...moveFields(build) }
  if (verb === 'act')
    return { ...key, ...noteField(build), ...(mayExpect(entity, 'update') ? expectationField(build) : {}) }
  const expected = mayExpect(entity, verb) ? expectationField(build) : {}
  if (verb === 'update') return { ...key, patch: nonNull(patchName(entity)), ...expected }
  if (verb !== 'create') return { ...key, ...expected }
  const { hasInput } = nestedModel(build.input.rowhouseModel)
  return hasInput(entity) ? { [rowFieldName(entity)]: nonNull(inputName(entity)) } : {}
}

/** `ifUpdatedAt`, in the input of changes of a row. */
export function expectationField(build: GraphileBuild.Build): Record<string, unknown> {
  return {
    [expectationName]: {
      type: inputType(build, { kind: 'datetime' }),
      description: 'The `updatedAt` that was read: if the row was changed since, nothing is done (STALE).',
    },
  }
}

/** `note`, in the input of transitions. */
export function noteField(build: GraphileBuild.Build): Record<string, unknown> {
  const description = 'Kept with the transition, and shown to all who see the row.'
  return { note: { type: build.graphql.GraphQLString, description } }
}

function moveFields(build: GraphileBuild.Build): Record<string, unknown> {
  const id = build.getInputTypeByName(build.inflection.builtin('UUID'))
  return {
    before: { type: id, description: 'The sibling that shall follow it. Say one of `before`, `after` and `to`.' },
    after: { type: id, description: 'The sibling that shall precede it.' },
    to: { type: build.graphql.GraphQLInt, description: 'Its place among them, from 1; past the end is last.' },
  }
}

/** A removed or deleted row is out of sight, so those payloads have its ids alone. */
function showsRow(verb: RowMutation['verb']): boolean {
  return verb !== 'delete' && verb !== 'remove'
}

function registerPayload(build: GraphileBuild.Build, mutation: RowMutation): void {
  const { GraphQLNonNull, GraphQLString } = build.graphql
  const spec = () => ({
    assertStep: null,
    description: `What \`${mutation.name}\` answers.`,
    fields: () => ({
      clientMutationId: {
        type: GraphQLString,
        description: 'As it was sent.',
        extensions: sureExtensions({}),
        plan: ($payload: Payload) => get($payload.get('result') as never, 'clientMutationId' as never),
      },
      ...Object.fromEntries(
        keyFields(mutation.entity, mutation.entities).map((field) => [
          field.name,
          {
            type: new GraphQLNonNull(outputType(build, field.type) as never),
            extensions: sureExtensions({}, { isKey: true }),
            plan: ($payload: Payload) => keyValue($payload, field.name),
          },
        ]),
      ),
      ...(showsRow(mutation.verb)
        ? rowField(build, mutation)
        : deletedNodeIdField(build, mutation, ($payload: Payload) => $payload.get('result'))),
      query: {
        type: build.getOutputTypeByName(build.inflection.builtin('Query')),
        description: 'The whole API, for whatever else is wanted after the change.',
        plan: () => constant(true, false),
      },
    }),
  })
  build.registerObjectType(payloadTypeName(mutation), {}, spec as never, 'RowMutationsPlugin')
}

type Payload = { get(name: string): ExecutableStep }

function keyValue($payload: Payload, name: string): ExecutableStep {
  return get($payload.get('result') as never, name as never)
}

function rowField(build: GraphileBuild.Build, { entity, entities, resource }: RowMutation): Record<string, unknown> {
  const columns = keyColumnsOf(entity, entities)
  const fields = keyFields(entity, entities).map(({ name }, at) => ({ name, column: columns[at]!.column }))
  return {
    [rowFieldName(entity)]: {
      type: build.getOutputTypeByName(entity.name),
      description: 'The row after the change; null when the caller may not (or no longer) read it.',
      extensions: sureExtensions({}),
      plan: ($payload: Payload) =>
        resource.get(Object.fromEntries(fields.map(({ name, column }) => [column, keyValue($payload, name)])) as never),
    },
  }
}

function mutationField(build: GraphileBuild.Build, mutation: RowMutation) {
  const { executor } = mutation.resource
  return {
    type: build.getOutputTypeByName(payloadTypeName(mutation)),
    description: transitionPurpose(mutation.transition) ?? purposes[mutation.verb],
    deprecationReason: mutation.entity.deprecated ?? undefined,
    args: {
      input: {
        // Its type says all; empty, or a stock sentence takes its place.
        description: '',
        type: new build.graphql.GraphQLNonNull(build.getInputTypeByName(inputTypeName(mutation))),
      },
    },
    plan: (_root: unknown, args: { getRaw(name: string): ExecutableStep }) => {
      const $input = args.getRaw('input')
      return object({
        result: changeStep<Prepared>({
          mutation: mutation.name,
          executor,
          $input,
          $prepared: object({
            ...{ input: $input, plan: plannedRow(mutation, $input) },
            transaction: context().get('transaction' as never),
            rules: context().get('rowhouseModel' as never),
            asking: context(),
          }),
          inputType: build.getInputTypeByName(inputTypeName(mutation)) as never,
          direct:
            mutation.verb === 'create' && !hasHooks(mutation.entity)
              ? sendCreate({ ...mutation, at: rowFieldName(mutation.entity) })
              : null,
          change: (client, { input, roles }) => change(client, { ...mutation, roles }, input),
        }),
      })
    },
  }
}

/** What `create` and `update` write; null for the other verbs. */
function plannedRow(mutation: RowMutation, $input: ExecutableStep): ExecutableStep {
  const { verb, entity, model } = mutation
  if (verb === 'create') {
    const at = rowFieldName(entity)
    const roots = (input: MutationInput): readonly RootRow[] => [
      { at, index: null, values: (input[at] ?? {}) as RowValues, key: null },
    ]
    return plannedWrites({ model, entity, verb, roots }, $input)
  }
  if (verb !== 'update') return constant(null)
  const roots = (input: MutationInput): readonly RootRow[] => [
    { at: 'patch', index: null, values: input.patch, key: targetOf(mutation, input) },
  ]
  return plannedWrites({ model, entity, verb, roots }, $input)
}

/** The row, with what the caller expects of it. */
function targetOf({ verb, entity, entities }: RowMutation, input: MutationInput): RowTarget {
  const key = keyOf(entity, entities, input)
  return mayExpect(entity, verb === 'act' ? 'update' : verb) ? { ...key, ifUpdatedAt: input[expectationName] } : key
}

interface Prepared {
  readonly input: MutationInput
  readonly plan: WritePlan | null
  /** Of the request. */
  readonly transaction: object
  /** With all that rules say: which rows wait for each other is read there. */
  readonly rules: Model
  /** Of the request. */
  readonly asking: CodeContext
}

async function change(
  client: RequestClient,
  of: RowMutation & WrittenEntity,
  { input, plan, transaction, rules, asking }: Prepared,
): Promise<RowKey> {
  const { verb, entity, entities } = of
  if (plan !== null) {
    countWrites(transaction, plan)
    return (await runWrites(client, { model: rules, roles: of.roles, context: asking }, plan))[0]!
  }
  const key = keyOf(entity, entities, input)
  const target = targetOf(of, input)
  switch (verb) {
    case 'delete':
      await removing(client, { of, key, target, asking }, (each, seen) => telling(each, of, seen))
      break
    case 'move':
      await moveRow(client, of, String(input.id), input as MoveTarget)
      break
    case 'act':
      await transiting(client, { of, asking }, { ...input, target })
      break
    case 'remove':
      await removing(client, { of, key, target, asking }, (each, seen) => runVerb(each, of, verb, seen))
      break
    case 'restore':
      await runVerb(client, of, verb, target)
      break
    default:
      throw new Bug(`"${verb}" is written by a plan.`)
  }
  return key
}

interface Removing {
  readonly of: RowMutation & WrittenEntity
  readonly key: RowKey
  readonly target: RowTarget
  readonly asking: CodeContext
}

/** A removal with the hooks beside it. */
async function removing(
  client: RequestClient,
  { of, key, target, asking }: Removing,
  run: (client: RequestClient, target: RowTarget) => Promise<void>,
): Promise<void> {
  if (!hasHooks(of.entity)) return await run(client, target)
  const change = { client: { ...client, ahead: null }, context: asking, of }
  const verb = of.verb === 'delete' ? 'delete' : 'remove'
  const rows = await beforeRemovals(change, verb, [key])
  const [seen] = await seenRows(change, verb, [target], rows)
  await run(change.client, seen!)
  await afterRemovals(change, verb, rows)
}

/** A transition with the hooks beside it. */
async function transiting(
  client: RequestClient,
  { of, asking }: Pick<Removing, 'of' | 'asking'>,
  { note, target }: { readonly note?: unknown; readonly target: RowTarget },
): Promise<void> {
  const said = { transition: of.transition!, note: (note ?? null) as string | null, bodies: asking.code.bodies }
  if (!isHooked(of.entity, said.transition.name)) return await transitRow(client, of, said, target)
  const change = { client: { ...client, ahead: null }, context: asking, of }
  await transitHookedRow(change, said, target)
}

/** A deletion that tells why it is refused, where a rule denies some. */
async function telling(client: RequestClient, of: RowMutation & WrittenEntity, key: RowTarget): Promise<void> {
  const run = (each: RequestClient) => deleteRow(each, of, key)
  if (!of.tellsWhy) return await run(client)
  await explainRefusal(client, { entity: of.entity, verb: 'delete', key: Object.values(keyColumns(of, key)) }, run)
}
