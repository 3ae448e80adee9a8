import { constant, type ExecutableStep, each as eachOf, get } from 'grafast'
import { upperFirst } from '#base'
import { type Entity, keyColumnsOf } from '#schema'
import { inputName, patchName, rowFieldName, rowsFieldName } from '../api-names.ts'
import { type BatchMutation, batchMutations, rowsPayloadName, showsRows } from '../batch-mutations.ts'
import { inputType, outputType } from '../graphql-type.ts'
import { keyFields } from '../key-fields.ts'
import { mayExpect } from '../mutations/expectation.ts'
import { upsertWaysName } from '../upsert-ways.ts'
import { deletedNodeIdsField } from './deleted-node-ids.ts'
import { expectationField, noteField } from './row-mutations-plugin.ts'
import 'postgraphile'

type Build = GraphileBuild.Build
type Payload = { get(name: string): ExecutableStep }
type Fields = Readonly<Record<string, unknown>>

const by = 'BatchMutationsPlugin'

/** Inputs and payloads of batches. Those that say the same for several mutations, or entities, are one. */
export function registerBatchTypes(build: Build): void {
  const made = new Set<string>()
  const once = (name: string, make: () => void) => {
    if (made.has(name)) return
    made.add(name)
    make()
  }
  for (const mutation of batchMutations(build)) {
    const { entity, verb, isSingle } = mutation
    once(batchInputName(mutation), () => registerInput(build, mutation))
    if (verb === 'update') once(changeName(entity), () => registerChange(build, mutation))
    if (verb === 'upsert') once(upsertWaysName(entity), () => registerWays(build, mutation))
    if (isComposite(mutation)) once(keyName(entity), () => registerKey(build, mutation))
    if (isSingle) registerPayload(build, `${upperFirst(mutation.name)}Payload`, () => rowFields(build, mutation))
    else if (showsRows(mutation))
      once(rowsPayloadName(entity), () =>
        registerPayload(build, rowsPayloadName(entity), () => ({
          ...keysField(build, mutation),
          ...rowsField(build, mutation),
        })),
      )
    else
      once(keysPayloadName(mutation), () =>
        registerPayload(build, keysPayloadName(mutation), () => ({
          ...keysField(build, mutation),
          ...deletedNodeIdsField(build, mutation, ($payload: Payload) => [
            $payload.get('entity'),
            resultOf($payload, 'keys'),
          ]),
        })),
      )
  }
}

/** `CreateOrdersInput`; `RowIdsInput` of all that take ids of the same type alone. */
export function batchInputName(mutation: BatchMutation): string {
  const { verb, name } = mutation
  return verb === 'create' || verb === 'update' || verb === 'upsert' || verb === 'act'
    ? `${upperFirst(name)}Input`
    : `${keysName(mutation)}Input`
}

/** `RowIdsPayload` */
export function keysPayloadName(mutation: BatchMutation): string {
  return `${keysName(mutation)}Payload`
}

/** `RowIds`, of all that are uuids; `CountryIds`, `OrderLineKeys` */
function keysName(mutation: BatchMutation): string {
  const { entity, entities } = mutation
  if (isComposite(mutation)) return `${entity.name}Keys`
  return keyFields(entity, entities)[0]!.type.kind === 'uuid' ? 'RowIds' : `${entity.name}Ids`
}

function isComposite({ entity, entities }: BatchMutation): boolean {
  return keyFields(entity, entities).length > 1
}

/** `OrderChange` */
function changeName(entity: Entity): string {
  return `${entity.name}Change`
}

/** `OrderLineKey` */
function keyName(entity: Entity): string {
  return `${entity.name}Key`
}

function registerInput(build: Build, mutation: BatchMutation): void {
  const spec = () => ({
    description: mutation.isSingle ? `What \`${mutation.name}\` takes.` : 'Rows of a batch, 1,000 at most.',
    fields: () => ({
      clientMutationId: { type: build.graphql.GraphQLString, description: 'Comes back in the payload, unread.' },
      ...inputFields(build, mutation),
    }),
  })
  build.registerInputObjectType(batchInputName(mutation), { isMutationInput: true }, spec as never, by)
}

function inputFields(build: Build, mutation: BatchMutation): Fields {
  const { verb, entity, entities, isSingle } = mutation
  const { GraphQLNonNull } = build.graphql
  const named = (name: string) => build.getInputTypeByName(name)
  if (verb === 'upsert') {
    const way = {
      type: new GraphQLNonNull(named(upsertWaysName(entity)) as never),
      description: 'What tells whether the row is there.',
    }
    return isSingle
      ? { by: way, [rowFieldName(entity)]: { type: new GraphQLNonNull(named(inputName(entity)) as never) } }
      : { by: way, [rowsFieldName(entity)]: { type: listOf(build, named(inputName(entity))) } }
  }
  if (verb === 'create') return { [rowsFieldName(entity)]: { type: listOf(build, named(inputName(entity))) } }
  if (verb === 'update') return { [rowsFieldName(entity)]: { type: listOf(build, named(changeName(entity))) } }
  if (isComposite(mutation)) return { keys: { type: listOf(build, named(`${keyName(entity)}Input`)) } }
  const ids = { type: listOf(build, inputType(build, keyFields(entity, entities)[0]!.type)) }
  return verb === 'act' ? { ids, ...noteField(build) } : { ids }
}

function listOf(build: Build, type: unknown) {
  const { GraphQLList, GraphQLNonNull } = build.graphql
  return new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type as never)))
}

function keyInputs(build: Build, { entity, entities }: BatchMutation): Fields {
  return Object.fromEntries(
    keyFields(entity, entities).map(({ name, type }) => [
      name,
      { type: new build.graphql.GraphQLNonNull(inputType(build, type) as never) },
    ]),
  )
}

function registerChange(build: Build, mutation: BatchMutation): void {
  const { entity } = mutation
  const patch = () => ({ type: new build.graphql.GraphQLNonNull(build.getInputTypeByName(patchName(entity)) as never) })
  const spec = () => ({
    description: `Changes to one ${entity.name} of several.`,
    fields: () => ({
      ...{ ...keyInputs(build, mutation), patch: patch() },
      ...(mayExpect(entity, 'update') ? expectationField(build) : {}),
    }),
  })
  build.registerInputObjectType(changeName(entity), {}, spec as never, by)
}

function registerWays(build: Build, { entity, ways }: BatchMutation): void {
  const values = ways.map(({ name, fields }) => {
    const said = fields.map((field) => `\`${field.name}\``).join(' and ')
    return [name, { value: name, description: `The row with the same ${said}.` }] as const
  })
  const spec = () => ({
    description: `What tells one ${entity.name} from all others.`,
    values: Object.fromEntries(values),
  })
  build.registerEnumType(upsertWaysName(entity), {}, spec as never, by)
}

function registerKey(build: Build, mutation: BatchMutation): void {
  const { entity, entities } = mutation
  const description = `What identifies one ${entity.name}.`
  const { GraphQLNonNull } = build.graphql
  const fields = () =>
    Object.fromEntries(
      keyFields(entity, entities).map(({ name, type }) => [
        name,
        {
          type: new GraphQLNonNull(outputType(build, type) as never),
          plan: ($key: ExecutableStep) => get($key as never, name as never),
        },
      ]),
    )
  build.registerObjectType(keyName(entity), {}, (() => ({ assertStep: null, description, fields })) as never, by)
  // Rows that are connected are named by it too.
  if (build.getTypeMetaByName(`${keyName(entity)}Input`) != null) return
  const inputs = () => ({ description, fields: () => keyInputs(build, mutation) })
  build.registerInputObjectType(`${keyName(entity)}Input`, {}, inputs as never, by)
}

function registerPayload(build: Build, name: string, fields: () => Fields): void {
  const spec = () => ({
    assertStep: null,
    description: 'What became of a change.',
    fields: () => ({
      clientMutationId: {
        type: build.graphql.GraphQLString,
        description: 'As it was sent.',
        plan: ($payload: Payload) => resultOf($payload, 'clientMutationId'),
      },
      ...fields(),
      query: {
        type: build.getOutputTypeByName(build.inflection.builtin('Query')),
        description: 'The whole API, for whatever else is wanted after the change.',
        plan: () => constant(true, false),
      },
    }),
  })
  build.registerObjectType(name, {}, spec as never, by)
}

function resultOf($payload: Payload, name: string): ExecutableStep {
  return get($payload.get('result') as never, name as never)
}

/** `ids`, or the keys where they have several columns. */
function keysField(build: Build, mutation: BatchMutation): Fields {
  const description = 'In the order of the input.'
  if (isComposite(mutation)) {
    const type = listOf(build, build.getOutputTypeByName(keyName(mutation.entity)))
    return { keys: { type, description, plan: ($payload: Payload) => resultOf($payload, 'keys') } }
  }
  const [key] = keyFields(mutation.entity, mutation.entities)
  const plan = ($payload: Payload) =>
    eachOf(resultOf($payload, 'keys') as never, ($key) => get($key as never, keyNameIn(mutation) as never))
  return { ids: { type: listOf(build, outputType(build, key!.type)), description, plan } }
}

/** Keys of one column are kept by the name of its field. */
function keyNameIn({ entity, entities }: BatchMutation): string {
  return keyFields(entity, entities)[0]!.name
}

function rowsField(build: Build, mutation: BatchMutation): Fields {
  const { GraphQLList, GraphQLNonNull } = build.graphql
  const type = build.getOutputTypeByName(mutation.entity.name)
  return {
    [rowsFieldName(mutation.entity)]: {
      type: new GraphQLNonNull(new GraphQLList(type)),
      description: 'The rows after the change, in the order of the input; null for those that the caller may not read.',
      plan: ($payload: Payload) =>
        eachOf(resultOf($payload, 'keys') as never, ($key) => rowOf(mutation, $key as never)),
    },
  }
}

function rowOf({ entity, entities, resource }: BatchMutation, $key: ExecutableStep) {
  const columns = keyColumnsOf(entity, entities)
  const wanted = keyFields(entity, entities).map(({ name }, at) => [
    columns[at]!.column,
    get($key as never, name as never),
  ])
  return resource.get(Object.fromEntries(wanted) as never)
}

/** Of the one row of an upsert. */
function rowFields(build: Build, mutation: BatchMutation): Fields {
  const { entity, entities } = mutation
  const keys = keyFields(entity, entities).map(({ name, type }) => [
    name,
    {
      type: new build.graphql.GraphQLNonNull(outputType(build, type) as never),
      plan: ($payload: Payload) => resultOf($payload, name),
    },
  ])
  return {
    ...Object.fromEntries(keys),
    [rowFieldName(entity)]: {
      type: build.getOutputTypeByName(entity.name),
      description: 'The row after the change; null when the caller may not (or no longer) read it.',
      plan: ($payload: Payload) => rowOf(mutation, $payload.get('result')),
    },
  }
}
