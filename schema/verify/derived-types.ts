import { upperFirst } from '#base'
import { columnFields, embedsOf } from '../model/column-fields.ts'
import type { Entity, FieldType } from '../model/model.ts'

const aggregates = [
  ...['Sum', 'DistinctCount', 'Min', 'Max', 'Average'],
  ...['StddevSample', 'StddevPopulation', 'VarianceSample', 'VariancePopulation'],
]

/** `OrderFilter`, `OrdersConnection`, `OrderMaxAggregates`, … */
const suffixes = [
  ...['Connection', 'Edge', 'OrderBy', 'Condition', 'Filter', 'Input', 'BaseInput', 'Patch', 'Payload'],
  ...['Aggregates', 'AggregatesFilter', 'AggregateFilter', 'GroupBy', 'HavingInput', 'ToManyFilter'],
  ...aggregates.flatMap((each) => [`${each}Aggregates`, `${each}AggregateFilter`, `Having${each}Input`]),
]

/** `CreateOrderInput`, `CreateOrderPayload`; ordered parts have `Move` too. */
const prefixes = ['Create', 'Update', 'Delete', 'Remove', 'Restore']

/** Names of the types that GraphQL makes of entities beside their own, with the entity. */
export function derivedTypes(entities: readonly Entity[]): ReadonlyMap<string, string> {
  const derived = new Map<string, string>()
  for (const entity of entities) {
    const { name, plural, computed, relations } = entity
    const fields = columnFields(entity)
    const set = (type: string) => derived.set(type, name)
    for (const base of [name, plural]) for (const suffix of suffixes) set(base + suffix)
    for (const verb of prefixes) for (const end of ['Input', 'Payload']) set(verb + name + end)
    for (const { type } of [...fields, ...computed]) if (type.kind === 'choice') set(`${type.enum}Filter`)
    for (const { type } of fields) {
      if (type.kind === 'list' && type.of.kind === 'choice') set(`${type.of.enum}ListFilter`)
      for (const shape of shapesIn(type)) set(`${shape}Input`)
    }
    for (const { type } of embedsOf(entity)) for (const end of ['Filter', 'Input', 'Patch']) set(type.object + end)
    for (const relation of relations) {
      if (relation.kind === 'oneOf') {
        for (const end of ['', 'Input']) set(`${name}${upperFirst(relation.name)}${end}`)
        continue
      }
      if (relation.kind === 'many' || relation.kind === 'through') set(`${name}ToMany${relation.to}Filter`)
      for (const verb of relation.kind === 'through' ? ['Link', 'Unlink'] : [])
        for (const end of ['Input', 'Payload']) set(`${verb}${name}${upperFirst(relation.name)}${end}`)
      for (const end of ['Connection', 'Edge']) set(`${name}${upperFirst(relation.name)}ManyToMany${end}`)
      if (relation.kind === 'one' && relation.position !== null)
        for (const end of ['Input', 'Payload']) set(`Move${name}${end}`)
    }
  }
  return derived
}

/** Names of the shapes in a type. */
function shapesIn(type: FieldType): readonly string[] {
  if (type.kind === 'list') return shapesIn(type.of)
  if (type.kind === 'dict') return type.values === null ? [] : shapesIn(type.values)
  return type.kind === 'shape' ? [type.name, ...type.parts.flatMap((part) => shapesIn(part.type))] : []
}
