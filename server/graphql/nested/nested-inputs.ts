import type { Entity } from '#schema'
import { inputName } from '../api-names.ts'
import { inputType } from '../graphql-type.ts'
import { keyFields } from '../key-fields.ts'
import { entitiesOf, entityResources } from '../model-of-build.ts'
import { type NestedSides, nestedModel } from './nested-sides.ts'
import 'postgraphile'

/** `customer`, `lines` and `tags` of inputs: rows that are made, or taken as they are, together with the row that they belong to. */
export const NestedInputsPlugin: GraphileConfig.Plugin = {
  name: 'NestedInputsPlugin',
  version: '1.0.0',
  after: ['RowInputsPlugin', 'OneOfPlugin'],
  schema: {
    hooks: {
      init(_, build) {
        for (const [name, { target, kind }] of usedTypes(build)) register(build, name, target, kind)
        return _
      },
    },
  },
}

/** Names of all inputs that lead from one entity to another. None is without fields. */
export function nestedTypeNames(build: GraphileBuild.Build): readonly string[] {
  return [...usedTypes(build).keys()]
}

/** What may be said of other rows: one or many, made alone or also connected. */
type Kind = 'one' | 'newOne' | 'many' | 'newMany' | 'key'

const endings: Readonly<Record<Kind, string>> = {
  one: 'ToOneInput',
  newOne: 'CreateOneInput',
  many: 'ToManyInput',
  newMany: 'CreateManyInput',
  key: 'KeyInput',
}

interface NestedType {
  readonly target: Entity
  readonly kind: Kind
}

/** Few: shared by all relations that lead to an entity. */
function usedTypes(build: GraphileBuild.Build): ReadonlyMap<string, NestedType> {
  const nested = nestedModel(build.input.rowhouseModel)
  const used = new Map<string, NestedType>()
  const use = (target: Entity, kind: Kind) => used.set(typeName(target, kind), { target, kind })
  for (const { entity } of entityResources(build)) {
    const { ones, choices, lists, fars } = nested.sidesOf(entity)
    for (const { target } of [...ones, ...choices.flatMap(({ targets }) => targets)]) use(target, 'one')
    for (const each of lists) use(each.target, kindOf(each))
    for (const { target } of fars) use(target, 'many')
  }
  for (const { target, kind } of [...used.values()]) if (kind === 'one' || kind === 'many') use(target, 'key')
  return used
}

function kindOf({ isSingle, canConnect }: NestedSides['lists'][number]): Kind {
  if (isSingle) return canConnect ? 'one' : 'newOne'
  return canConnect ? 'many' : 'newMany'
}

function typeName(target: Entity, kind: Kind): string {
  return target.name + endings[kind]
}

const purposes: Readonly<Record<Kind, (name: string) => string>> = {
  one: (name) => `A ${name} that is made with the row, or one that is there.`,
  newOne: (name) => `A ${name} that is made with the row.`,
  many: (name) => `Each ${name} that is made with the row, or is there and shall belong to it.`,
  newMany: (name) => `Each ${name} that is made with the row.`,
  key: (name) => `What identifies one ${name}.`,
}

function register(build: GraphileBuild.Build, name: string, target: Entity, kind: Kind): void {
  const spec = () => ({
    description: purposes[kind](target.name),
    ...(kind === 'one' ? { isOneOf: true } : {}),
    fields: () => (kind === 'key' ? keyInputFields(build, target) : sideFields(build, target, kind)),
  })
  build.registerInputObjectType(name, {}, spec as never, 'NestedInputsPlugin')
}

function keyInputFields(build: GraphileBuild.Build, target: Entity): Readonly<Record<string, unknown>> {
  const { GraphQLNonNull } = build.graphql
  return Object.fromEntries(
    keyFields(target, entitiesOf(build)).map(({ name, type }) => [
      name,
      { type: new GraphQLNonNull(inputType(build, type) as never) },
    ]),
  )
}

function sideFields(build: GraphileBuild.Build, target: Entity, kind: Exclude<Kind, 'key'>) {
  const { GraphQLList, GraphQLNonNull } = build.graphql
  const each = (type: string) => new GraphQLNonNull(build.getInputTypeByName(type) as never)
  const [row, key] = [() => inputName(target), () => typeName(target, 'key')]
  switch (kind) {
    case 'one':
      return {
        create: { type: build.getInputTypeByName(row()) },
        connect: { type: build.getInputTypeByName(key()) },
      }
    case 'newOne':
      return { create: { type: each(row()) } }
    case 'many':
      return { create: { type: new GraphQLList(each(row())) }, connect: { type: new GraphQLList(each(key())) } }
    case 'newMany':
      return { create: { type: new GraphQLNonNull(new GraphQLList(each(row()))) } }
  }
}

/** Fields of an input for rows that are written along. */
export function nestedFields(build: GraphileBuild.Build, entity: Entity, verb: 'create' | 'update') {
  const { ones, lists, fars } = nestedModel(build.input.rowhouseModel).sidesOf(entity)
  const notes = new Map(entity.relations.map(({ name, note }) => [name, note]))
  const field = (name: string, target: Entity, kind: Kind) => [
    name,
    {
      get type() {
        return build.getInputTypeByName(typeName(target, kind))
      },
      description: notes.get(name) ?? undefined,
    },
  ]
  const written = ones.filter((side) => verb === 'create' || side.isPatchable)
  return Object.fromEntries([
    ...written.map(({ name, target }) => field(name, target, 'one')),
    ...lists.map((side) => field(side.name, side.target, kindOf(side))),
    ...fars.map(({ name, target }) => field(name, target, 'many')),
  ]) as Readonly<Record<string, unknown>>
}

/** Keys of a `oneOf` for targets that are made along: `invoice`, beside `invoiceId`. */
export function choiceFields(build: GraphileBuild.Build, entity: Entity, relation: string) {
  const { choices } = nestedModel(build.input.rowhouseModel).sidesOf(entity)
  const targets = choices.find(({ side }) => side.relation.name === relation)?.targets ?? []
  return Object.fromEntries(
    targets.map(({ name, target }) => [name, { type: build.getInputTypeByName(typeName(target, 'one')) }]),
  ) as Readonly<Record<string, unknown>>
}
