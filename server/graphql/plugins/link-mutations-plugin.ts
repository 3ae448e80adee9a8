import type { PgResource } from '@dataplan/pg'
import { constant, context, type ExecutableStep, get, lambda, object } from 'grafast'
import { upperFirst } from '#base'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { rowFieldName } from '../api-names.ts'
import { inputType } from '../graphql-type.ts'
import { type Asked, changeStep } from '../idempotency/change-step.ts'
import { changeableLinks, type LinkSide, linkMutationName } from '../links.ts'
import { entityResources, keyColumnOf } from '../model-of-build.ts'
import { writeLinks } from '../mutations/write-links.ts'
import { countWrites } from '../nested/planned-writes.ts'
import 'postgraphile'

interface LinkMutation {
  readonly verb: 'link' | 'unlink'
  readonly side: LinkSide
  readonly resource: PgResource
  /** `linkOrderTags` */
  readonly name: string
}

type Payload = { get(name: string): ExecutableStep }

/** `linkOrderTags` and `unlinkOrderTags`, as far as some rule lets somebody update an order. */
export const LinkMutationsPlugin: GraphileConfig.Plugin = {
  name: 'LinkMutationsPlugin',
  version: '1.0.0',
  after: ['RowInputsPlugin', 'PgTablesPlugin', 'RowMutationsPlugin'],
  schema: {
    hooks: {
      init(_, build) {
        for (const mutation of linkMutations(build)) {
          registerInput(build, mutation)
          registerPayload(build, mutation)
        }
        return _
      },
      GraphQLObjectType_fields(fields, build, context) {
        if (context.scope.isRootMutation !== true) return fields
        const added = linkMutations(build).map((mutation) => [
          mutation.name,
          context.fieldWithHooks({ fieldName: mutation.name }, () => mutationField(build, mutation) as never),
        ])
        return build.extend(fields, Object.fromEntries(added), 'LinkMutationsPlugin')
      },
    },
  },
}

function linkMutations(build: GraphileBuild.Build): readonly LinkMutation[] {
  return entityResources(build).flatMap(({ entity, resource }) =>
    changeableLinks(build.input.rowhouseModel, entity).flatMap((side) =>
      (['link', 'unlink'] as const).map((verb) => ({ verb, side, resource, name: linkMutationName(verb, side) })),
    ),
  )
}

function registerInput(build: GraphileBuild.Build, { name, side }: LinkMutation): void {
  const { GraphQLNonNull, GraphQLList, GraphQLString } = build.graphql
  const spec = () => ({
    description: `What \`${name}\` takes.`,
    fields: () => {
      const id = new GraphQLNonNull(inputType(build, side.idType) as never)
      const other = new GraphQLNonNull(inputType(build, side.otherType) as never)
      return {
        clientMutationId: { type: GraphQLString, description: 'Comes back in the payload, unread.' },
        [side.idName]: { type: id },
        [side.idsName]: { type: new GraphQLNonNull(new GraphQLList(other)) },
      }
    },
  })
  build.registerInputObjectType(
    `${upperFirst(name)}Input`,
    { isMutationInput: true },
    spec as never,
    'LinkMutationsPlugin',
  )
}

function registerPayload(build: GraphileBuild.Build, { name, side, resource }: LinkMutation): void {
  const result = ($payload: Payload, key: string) => get($payload.get('result') as never, key as never)
  const spec = () => ({
    assertStep: null,
    description: `What \`${name}\` answers.`,
    fields: () => ({
      clientMutationId: {
        type: build.graphql.GraphQLString,
        description: 'As it was sent.',
        plan: ($payload: Payload) => result($payload, 'clientMutationId'),
      },
      [rowFieldName(side.entity)]: {
        type: build.getOutputTypeByName(side.entity.name),
        description: 'The row after the change.',
        plan: ($payload: Payload) => resource.get({ [keyColumnOf(resource)]: result($payload, 'id') } as never),
      },
      query: {
        type: build.getOutputTypeByName(build.inflection.builtin('Query')),
        description: 'The whole API, for whatever else is wanted after the change.',
        plan: () => constant(true, false),
      },
    }),
  })
  build.registerObjectType(`${upperFirst(name)}Payload`, {}, spec as never, 'LinkMutationsPlugin')
}

function mutationField(build: GraphileBuild.Build, mutation: LinkMutation) {
  const { name, verb, side, resource } = mutation
  const purpose = {
    link: `Adds to the "${side.relation.name}" of a row; those that it has already stay.`,
    unlink: `Takes from the "${side.relation.name}" of a row; those that it does not have are passed over.`,
  }
  return {
    type: build.getOutputTypeByName(`${upperFirst(name)}Payload`),
    description: `${purpose[verb]} All or nothing.`,
    args: {
      input: {
        description: '',
        type: new build.graphql.GraphQLNonNull(build.getInputTypeByName(`${upperFirst(name)}Input`)),
      },
    },
    plan: (_root: unknown, args: { getRaw(name: string): ExecutableStep }) => {
      const $input = args.getRaw('input')
      return object({
        result: changeStep<LinkInput>({
          mutation: name,
          executor: resource.executor,
          ...{ $input, $prepared: countedLinks(side, $input) },
          inputType: build.getInputTypeByName(`${upperFirst(name)}Input`) as never,
          change: (client, asked) => change(client, mutation, asked),
        }),
      })
    },
  }
}

type LinkInput = Readonly<Record<string, unknown>>

/** Links are rows, which a request writes no more of than it may. */
function countedLinks({ idsName }: LinkSide, $input: ExecutableStep): ExecutableStep {
  const $given = object({ input: $input, transaction: context().get('transaction' as never) })
  return lambda($given, (given) => {
    const { input, transaction } = given as unknown as { readonly input: LinkInput; readonly transaction: object }
    countWrites(transaction, { size: (input[idsName] as readonly unknown[]).length })
    return input
  })
}

async function change(client: RequestClient, { verb, side }: LinkMutation, { input, roles }: Asked<LinkInput>) {
  const id = input[side.idName] as string
  await writeLinks(client, side, verb, { id, others: input[side.idsName] as readonly string[], roles })
  return { id }
}
