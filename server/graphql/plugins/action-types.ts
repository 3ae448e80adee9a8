import type { PgResource } from '@dataplan/pg'
import { constant, type ExecutableStep, get } from 'grafast'
import { upperFirst } from '#base'
import { type ActionOutput, type Entity, type EntityMap, type Field, keyColumnsOf } from '#schema'
import { inputType, outputType } from '../graphql-type.ts'
import { keyFields } from '../key-fields.ts'
import { entityResources } from '../model-of-build.ts'
import 'postgraphile'

type Build = GraphileBuild.Build

/** Fields of a type, by name. */
export type Fields = Readonly<Record<string, unknown>>

/** What a mutation of an action answers; `result` holds what came of it. */
export interface Payload {
  get(name: string): ExecutableStep
}

/** The types of a mutation that does an action. */
export interface ActionTypes {
  /** Plugin that asks. */
  readonly by: string
  /** `duplicateOrder` */
  readonly name: string
  /** `OrderDuplicateOutput` */
  readonly outputName: string
  readonly output: ActionOutput | undefined
  readonly input: () => Fields
  readonly payload: () => Fields
}

/** Registers input, payload and output of a mutation that does an action. */
export function registerActionTypes(build: Build, { by, name, output, ...of }: ActionTypes): void {
  const { GraphQLString } = build.graphql
  const input = () => ({
    description: `What \`${name}\` takes.`,
    fields: () => ({
      clientMutationId: { type: GraphQLString, description: 'Comes back in the payload, unread.' },
      ...of.input(),
    }),
  })
  build.registerInputObjectType(`${upperFirst(name)}Input`, { isMutationInput: true }, input as never, by)
  const payload = () => ({ assertStep: null, description: `What \`${name}\` answers.`, fields: of.payload })
  build.registerObjectType(`${upperFirst(name)}Payload`, {}, payload as never, by)
  if (output?.kind !== 'values') return
  const { fields } = output
  const values = () => ({
    assertStep: null,
    description: `The output of \`${name}\`.`,
    fields: () => Object.fromEntries(fields.map((field) => [field.name, outputField(build, field)])),
  })
  build.registerObjectType(of.outputName, {}, values as never, by)
}

function outputField(build: Build, { name, type, optional, note, deprecated }: Field) {
  const nullable = outputType(build, type)
  return {
    type: optional ? nullable : new build.graphql.GraphQLNonNull(nullable as never),
    description: note ?? undefined,
    deprecationReason: deprecated ?? undefined,
    plan: ($output: ExecutableStep) => get($output as never, name as never),
  }
}

/** What the author says that an action takes. */
export function givenFields(build: Build, input: readonly Field[]): Fields {
  const { GraphQLNonNull } = build.graphql
  const own = input.map((field) => {
    const type = inputType(build, field.type)
    const isNeeded = !field.optional && field.default === null
    return [
      field.name,
      {
        type: isNeeded ? new GraphQLNonNull(type as never) : type,
        description: field.note ?? undefined,
        deprecationReason: field.deprecated ?? undefined,
      },
    ]
  })
  return Object.fromEntries(own)
}

/** What the mutation of an action answers, with what is its own between. */
export function answeredFields(build: Build, of: Answered, own: Fields): Fields {
  const { GraphQLList, GraphQLNonNull, GraphQLString } = build.graphql
  return {
    clientMutationId: {
      type: GraphQLString,
      description: 'As it was sent.',
      plan: ($payload: Payload) => resultOf($payload, 'clientMutationId'),
    },
    ...own,
    ...(of.output === undefined ? {} : { output: answerOf(build, of) }),
    notes: {
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString))),
      description: 'What the action has to tell.',
      plan: ($payload: Payload) => resultOf($payload, 'notes'),
    },
    query: {
      type: build.getOutputTypeByName(build.inflection.builtin('Query')),
      description: 'The whole API, for whatever else is wanted after the change.',
      plan: () => constant(true, false),
    },
  }
}

interface Answered extends Pick<ActionTypes, 'output' | 'outputName'> {
  readonly entities: EntityMap
}

function answerOf(build: Build, { output, outputName, entities }: Answered) {
  if (output?.kind !== 'row')
    return {
      type: build.getOutputTypeByName(outputName),
      description: 'What the action answers.',
      plan: ($payload: Payload) => resultOf($payload, 'output'),
    }
  const { entity, resource } = entityResources(build).find((each) => each.entity.name === output.entity)!
  return {
    type: build.getOutputTypeByName(entity.name),
    description: 'The row that the action answers; null when the caller may not read it.',
    plan: ($payload: Payload) =>
      rowOf(entity, resource, entities, (name) => get(resultOf($payload, 'output') as never, name as never)),
  }
}

/** A part of what came of the mutation. */
export function resultOf($payload: Payload, name: string): ExecutableStep {
  return get($payload.get('result') as never, name as never)
}

/** The row whose key is told by name. */
export function rowOf(
  entity: Entity,
  resource: PgResource,
  entities: EntityMap,
  of: (name: string) => ExecutableStep,
): ExecutableStep {
  const columns = keyColumnsOf(entity, entities)
  const key = keyFields(entity, entities).map(({ name }, at) => [columns[at]!.column, of(name)])
  return resource.get(Object.fromEntries(key) as never)
}
