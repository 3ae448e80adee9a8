import type { PgResource } from '@dataplan/pg'
import { constant, context, type ExecutableStep, get, lambda, object } from 'grafast'
import { toText, upperFirst } from '#base'
import { movable, tellsWhy } from '#migrations'
import { indexModel, rowsSql } from '#policies'
import { type Entity, keyColumnsOf, secretsOf } from '#schema'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import type { Sealing } from '../../secrets/seal-secret.ts'
import { mutationName, rowFieldName } from '../api-names.ts'
import { grantedVerbs, type WriteVerb } from '../granted-verbs.ts'
import { inputType, outputType } from '../graphql-type.ts'
import { changeStep } from '../idempotency/change-step.ts'
import { keyFields } from '../key-fields.ts'
import { changeableLinks, type LinkSide } from '../links.ts'
import { entitiesOf, entityResources } from '../model-of-build.ts'
import type { RowValues } from '../mutations/column-values.ts'
import { expectationName, mayExpect } from '../mutations/expectation.ts'
import { explainRefusal } from '../mutations/explain-refusal.ts'
import type { FieldWrite } from '../mutations/has-rule-for-field.ts'
import { type MoveTarget, moveRow } from '../mutations/move-row.ts'
import { refuseNothing, sealedValues } from '../mutations/sealed-values.ts'
import { writeLinks } from '../mutations/write-links.ts'
import {
  createRow,
  deleteRow,
  keyColumns,
  type RowKey,
  type RowTarget,
  runVerb,
  updateRow,
  type WrittenEntity,
} from '../mutations/write-row.ts'
import { oneOfSides } from '../one-of.ts'
import { hasPatch, writableFields } from '../writable-fields.ts'
import { inputName, patchName } from './row-inputs-plugin.ts'
import 'postgraphile'

interface MutationInput {
  readonly clientMutationId?: string | null
  readonly patch: RowValues
  /** The key, and the new row. */
  readonly [name: string]: unknown
}

interface RowMutation extends Omit<WrittenEntity, 'roles'> {
  readonly verb: WriteVerb | 'move'
  readonly entity: Entity
  readonly resource: PgResource
  /** Links that a new row may be given. */
  readonly links: readonly LinkSide[]
  /** A rule denies updates or deletes. */
  readonly tellsWhy: boolean
  /** `createOrder` */
  readonly name: string
}

/** `createOrder`, `updateOrder`, `deleteOrder`, `removeOrder`, `restoreOrder`, `moveOrderLine`, as far as a rule grants the verb to anybody. */
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
  const index = indexModel(build.input.rowhouseModel)
  return entityResources(build).flatMap(({ entity, resource }) =>
    [...grantedVerbs(build.input.rowhouseModel, entity), ...(movable(entity, index) === null ? [] : ['move' as const])]
      .filter((verb) => verb !== 'update' || hasPatch(entity, entitiesOf(build)))
      .map((verb) => ({
        verb,
        entity,
        table: toText(rowsSql(entity, index)),
        entities: entitiesOf(build),
        resource,
        tellsWhy: tellsWhy(entity, index),
        links: changeableLinks(build.input.rowhouseModel, entity),
        name: mutationName(verb, entity),
      })),
  )
}

const purposes: Readonly<Record<RowMutation['verb'], string>> = {
  create: 'Makes a new row.',
  update: 'Changes a row. Fields that the patch leaves out stay as they are.',
  delete: 'Deletes a row for good.',
  remove: 'Takes a row out of sight; `restore` brings it back.',
  restore: 'Brings a removed row back.',
  move: 'Gives a row another place among its siblings.',
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
  const expected = mayExpect(entity, verb) ? expectationField(build) : {}
  if (verb === 'update') return { ...key, patch: nonNull(patchName(entity)), ...expected }
  if (verb !== 'create') return { ...key, ...expected }
  const isEmpty =
    writableFields(entity, entities).length === 0 &&
    oneOfSides(entity).length === 0 &&
    changeableLinks(build.input.rowhouseModel, entity).length === 0
  return isEmpty ? {} : { [rowFieldName(entity)]: nonNull(inputName(entity)) }
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

function moveFields(build: GraphileBuild.Build): Record<string, unknown> {
  const id = build.getInputTypeByName(build.inflection.builtin('UUID'))
  return {
    before: { type: id, description: 'The sibling that shall follow it. Say one of `before`, `after` and `to`.' },
    after: { type: id, description: 'The sibling that shall precede it.' },
    to: { type: build.graphql.GraphQLInt, description: 'Its place among them, from 1; past the end is last.' },
  }
}

/** A removed or deleted row is out of sight, so those payloads have its id alone. */
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
        plan: ($payload: Payload) => get($payload.get('result') as never, 'clientMutationId' as never),
      },
      ...Object.fromEntries(
        keyFields(mutation.entity, mutation.entities).map((field) => [
          field.name,
          {
            type: new GraphQLNonNull(outputType(build, field.type) as never),
            plan: ($payload: Payload) => keyValue($payload, field.name),
          },
        ]),
      ),
      ...(showsRow(mutation.verb) ? rowField(build, mutation) : {}),
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
      plan: ($payload: Payload) =>
        resource.get(Object.fromEntries(fields.map(({ name, column }) => [column, keyValue($payload, name)])) as never),
    },
  }
}

function mutationField(build: GraphileBuild.Build, mutation: RowMutation) {
  const { executor } = mutation.resource
  return {
    type: build.getOutputTypeByName(payloadTypeName(mutation)),
    description: purposes[mutation.verb],
    deprecationReason: mutation.entity.deprecated ?? undefined,
    args: {
      input: {
        // Its type says all; empty, or a stock sentence takes its place.
        description: '',
        type: new build.graphql.GraphQLNonNull(build.getInputTypeByName(inputTypeName(mutation))),
      },
    },
    plan: (_root: unknown, args: { getRaw(name: string): ExecutableStep }) =>
      object({
        result: changeStep<MutationInput>({
          mutation: mutation.name,
          executor,
          $input: args.getRaw('input'),
          $prepared: sealedInput(mutation, args.getRaw('input')),
          inputType: build.getInputTypeByName(inputTypeName(mutation)) as never,
          change: async (client, { input, roles }) => {
            const changed = await change(client, { ...mutation, roles }, input)
            refuseNothing(input[valuesName(mutation)] as RowValues | null | undefined)
            return changed
          },
        }),
      }),
  }
}

/** Before a connection is taken, for a hash takes its time: the input with its secrets hashed or encrypted. */
function sealedInput({ verb, entity }: RowMutation, $input: ExecutableStep): ExecutableStep {
  if ((verb !== 'create' && verb !== 'update') || secretsOf(entity).length === 0) return $input
  const name = valuesName({ verb, entity })
  const asked = (what: string) => context().get(what as never)
  const $given = object({
    ...{ input: $input, sealing: asked('sealing') },
    ...{ roles: asked('roles'), model: asked('rowhouseModel') },
  })
  return lambda($given, async (given) => {
    const { input, sealing, ...who } = given as unknown as GivenSecrets
    const values = input[name] as RowValues | null | undefined
    return values == null ? input : { ...input, [name]: await sealedValues({ ...who, entity, verb }, values, sealing) }
  })
}

/** Where the input has the values of the row. */
function valuesName({ verb, entity }: Pick<RowMutation, 'verb' | 'entity'>): string {
  return verb === 'create' ? rowFieldName(entity) : 'patch'
}

interface GivenSecrets extends Pick<FieldWrite, 'model' | 'roles'> {
  readonly input: MutationInput
  readonly sealing: Sealing
}

async function change(client: RequestClient, of: RowMutation & WrittenEntity, input: MutationInput): Promise<RowKey> {
  const { verb, entity, entities, links, roles } = of
  const key: RowKey = Object.fromEntries(keyFields(entity, entities).map(({ name }) => [name, input[name]]))
  const target: RowTarget = mayExpect(entity, verb) ? { ...key, ifUpdatedAt: input[expectationName] } : key
  switch (verb) {
    case 'create': {
      const row = (input[rowFieldName(entity)] ?? {}) as RowValues
      const created = await createRow(client, of, row)
      for (const side of links) {
        const others = row[side.idsName] as readonly string[] | null | undefined
        const id = String(Object.values(created)[0])
        if (others != null && others.length > 0) await writeLinks(client, side, 'link', { id, others, roles })
      }
      return created
    }
    case 'update':
      await telling(client, of, { verb, key }, (each) => updateRow(each, of, target, input.patch))
      break
    case 'delete':
      await telling(client, of, { verb, key }, (each) => deleteRow(each, of, target))
      break
    case 'move':
      await moveRow(client, of, String(input.id), input as MoveTarget)
      break
    case 'remove':
    case 'restore':
      await runVerb(client, of, verb, target)
  }
  return key
}

/** A change that tells why it is refused, where a rule denies it. */
async function telling(
  client: RequestClient,
  of: RowMutation & WrittenEntity,
  { verb, key }: { readonly verb: 'update' | 'delete'; readonly key: RowKey },
  run: (client: RequestClient) => Promise<void>,
): Promise<void> {
  if (!of.tellsWhy) return await run(client)
  await explainRefusal(client, { entity: of.entity, verb, key: Object.values(keyColumns(of, key)) }, run)
}
