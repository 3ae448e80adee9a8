import { upperFirst } from '#base'
import { columnFields, embedsOf } from '../model/column-fields.ts'
import type { Entity, FieldType, Relation } from '../model/model.ts'

const aggregates = [
  ...['Sum', 'DistinctCount', 'Min', 'Max', 'Average'],
  ...['StddevSample', 'StddevPopulation', 'VarianceSample', 'VariancePopulation'],
]

/** `OrderFilter`, `OrderConnection`, `OrderMaxAggregates`, … */
const suffixes = [
  ...['Connection', 'Edge', 'OrderBy', 'Filter', 'Input', 'Patch'],
  ...['ToOneInput', 'ToManyInput', 'CreateOneInput', 'CreateManyInput'],
  ...['Aggregates', 'AggregatesFilter', 'GroupBy', 'HavingInput'],
  ...aggregates.flatMap((each) => [`${each}Aggregates`, `${each}AggregateFilter`, `Having${each}Input`]),
]

/** `OrderChange`, `OrderUnique`, …, of changes of several rows at once. */
const batchSuffixes = ['Change', 'Unique', 'Key', 'KeyInput', 'KeysInput', 'KeysPayload', 'IdsInput', 'IdsPayload']

/** `CreateOrderInput`, `CreateOrderPayload`; ordered parts have `Move` too. */
const verbs = ['Create', 'Update', 'Delete', 'Remove', 'Restore']

/** Names of the types that GraphQL makes of entities beside their own, with the entity. */
export function derivedTypes(entities: readonly Entity[]): ReadonlyMap<string, string> {
  return new Map(
    entities.flatMap((entity) =>
      [...typesOfOne(entity), ...typesOfMany(entity), ...typesOfValues(entity)].map((type) => [type, entity.name]),
    ),
  )
}

/** Names of types that GraphQL makes of this entity and may make of no other: each has fields of its own. */
export function typesOfOne(entity: Entity): readonly string[] {
  const { name, relations, lifecycle, actions } = entity
  const acts = [...(lifecycle?.transitions ?? []), ...actions].map((each) => upperFirst(each.name))
  return [
    ...suffixes.map((suffix) => name + suffix),
    ...[...new Set([...verbs, ...acts])].flatMap((verb) => inputAndPayload(verb + name)),
    ...[...batchSuffixes.map((suffix) => name + suffix), ...inputAndPayload(`Upsert${name}`)],
    ...actions.map((action) => `${name}${upperFirst(action.name)}Output`),
    ...new Set(relations.flatMap((relation) => typesOfRelation(name, relation))),
  ]
}

/** The same of types that are called after its plural: `CreateOrdersInput`, `OrdersPayload`. */
export function typesOfMany({ plural, lifecycle }: Entity): readonly string[] {
  const name = upperFirst(plural)
  const acts = (lifecycle?.transitions ?? []).map((each) => upperFirst(each.name))
  return [
    ...[...new Set(['Create', 'Update', 'Upsert', ...acts])].map((verb) => `${verb}${name}Input`),
    `${name}Payload`,
  ]
}

function typesOfRelation(entity: string, relation: Relation): readonly string[] {
  const own = entity + upperFirst(relation.name)
  if (relation.kind === 'oneOf') return [own, `${own}Input`]
  const types = [`${own}ManyToManyConnection`, `${own}ManyToManyEdge`]
  if (relation.kind === 'one')
    return relation.position === null ? types : [...types, ...inputAndPayload(`Move${entity}`)]
  const filter = `${entity}ToMany${relation.to}Filter`
  if (relation.kind !== 'through') return [...types, filter]
  return [...types, filter, ...['Link', 'Unlink'].flatMap((verb) => inputAndPayload(verb + own))]
}

function inputAndPayload(mutation: string): readonly string[] {
  return [`${mutation}Input`, `${mutation}Payload`]
}

/** Filters and inputs of enums, shapes and value objects, which entities may share. */
function typesOfValues(entity: Entity): readonly string[] {
  const fields = columnFields(entity)
  const choices = [...fields, ...entity.computed].flatMap(({ type }) => (type.kind === 'choice' ? [type.enum] : []))
  const lists = fields.flatMap(({ type }) =>
    type.kind === 'list' && type.of.kind === 'choice' ? [`${type.of.enum}ListFilter`] : [],
  )
  const shapes = fields.flatMap(({ type }) => shapesIn(type))
  const objects = embedsOf(entity).flatMap(({ type }) => ['Filter', 'Input', 'Patch'].map((end) => type.object + end))
  return [...choices.map((each) => `${each}Filter`), ...lists, ...shapes.flatMap(shapeTypes), ...objects]
}

/** Names of the shapes in a type. */
function shapesIn(type: FieldType): readonly string[] {
  if (type.kind === 'list') return shapesIn(type.of)
  if (type.kind === 'dict') return type.values === null ? [] : shapesIn(type.values)
  return type.kind === 'shape' ? [type.name, ...type.parts.flatMap((part) => shapesIn(part.type))] : []
}

function shapeTypes(shape: string): readonly string[] {
  return [`${shape}Input`, `${shape}ShapeFilter`, `${shape}ShapeListFilter`]
}
