import { canonicalJson, upperFirst } from '#base'
import { columnFields, embedsOf, pathOfField } from '../model/column-fields.ts'
import type { Entity, Field, FieldType, ModelPath } from '../model/model.ts'
import { verifyAppActionNames } from './app-action-names.ts'
import type { Verification } from './context.ts'
import { derivedTypes, typesOfMany, typesOfOne } from './derived-types.ts'
import { type Named, reportClashes } from './report-clashes.ts'

/** Entities, enums and what GraphQL derives from entities are types in one space. */
export function verifyTypes(check: Verification): void {
  const { actions = [] } = check.model
  const enums = [
    ...check.model.entities.flatMap((entity) => [...enumsOf(entity), ...objectsOf(entity)]),
    ...actions.flatMap(({ name, input }) => enumsOfInputs(input, upperFirst(name), ['actions', name])),
  ]
  const shared = enums.filter((each, index) => {
    const same = enums.findIndex((other) => other.as === each.as)
    return same === index || !isSameEnum(enums[same]!, each)
  })
  const declared = check.model.entities.filter(({ link }) => link === null)
  const own = declared.map(({ name }) => ({ name, as: name, path: [name] }))
  reportClashes(check, [...own, ...shared], 'the GraphQL type')
  const derived = derivedTypes(check.model.entities)
  for (const { name, path } of [...own, ...shared]) {
    const entity = derived.get(name)
    if (entity === undefined) continue
    const message = `"${name}" is also what GraphQL calls a type that belongs to "${entity}".`
    check.problems.report('NAME_CLASH', { path, part: 'key' }, message, { hint: 'Rename one of them.' })
  }
  reportDerivedTypes(check, declared)
  verifyAppActionNames(check, new Set([...own, ...shared].map(({ name }) => name)))
}

/** `Site` and `SiteSum` both have `SiteSumAggregates`: sums of the one, totals of the other. */
function reportDerivedTypes({ problems }: Verification, entities: readonly Entity[]): void {
  const first = new Map<string, string>()
  const told = new Set<string>()
  // Where the plural itself clashes, that is said already.
  const names = new Set(entities.map(({ name }) => name))
  const typesOf = (entity: Entity) => [
    ...typesOfOne(entity),
    ...(names.has(upperFirst(entity.plural)) ? [] : typesOfMany(entity)),
  ]
  // The longer name is the one that reads like a part of the other's.
  for (const entity of entities.toSorted((a, b) => a.name.length - b.name.length))
    for (const type of typesOf(entity)) {
      const { name } = entity
      const known = first.get(type)
      first.set(type, known ?? name)
      if (known === undefined || told.has(name)) continue
      told.add(name)
      const message = `GraphQL would call a type of "${name}" and one of "${known}" alike: "${type}".`
      const related = { message: 'the other is declared in', path: [known], part: 'key' } as const
      problems.report('NAME_CLASH', { path: [name], part: 'key' }, message, { hint: 'Rename one of them.', related })
    }
}

interface Enum extends Named {
  readonly type: FieldType
  /** Named by `choiceType`, and so meant to be shared. */
  readonly isShared: boolean
}

function enumsOf(entity: Entity): readonly Enum[] {
  const fields = columnFields(entity).map((field) => ({ field, path: pathOf(entity.name, field.name) as ModelPath }))
  const inputs = entity.actions.flatMap(({ name, input }) =>
    enumsOfInputs(input, entity.name, [entity.name, 'actions', name]),
  )
  const computed = entity.computed.map((field) => ({ field, path: [entity.name, 'computed', field.name] }))
  const own = [...fields, ...computed].flatMap(({ field, path }) => {
    const named = namedTypes(field.type, entity.name + upperFirst(field.name), path)
    // What is inside of a value object belongs to its type.
    return field.name.includes('.') ? named.map((each) => ({ ...each, isShared: true })) : named
  })
  return [...own, ...inputs]
}

function enumsOfInputs(input: readonly Field[], owner: string, path: ModelPath): readonly Enum[] {
  return input.flatMap(({ name, type }) => namedTypes(type, owner + upperFirst(name), [...path, 'input', name]))
}

/** Enums and shapes in a type; `derived` is the name that is made for one without a name of its own. */
function namedTypes(type: FieldType, derived: string, path: ModelPath): readonly Enum[] {
  switch (type.kind) {
    case 'choice':
      return [{ name: type.enum, as: type.enum, path, type, isShared: type.enum !== derived }]
    case 'list':
      return namedTypes(type.of, derived, path)
    case 'dict':
      return type.values === null ? [] : namedTypes(type.values, derived, path)
    case 'shape': {
      const parts = type.parts.flatMap((part) =>
        namedTypes(part.type, type.name + upperFirst(part.name), [...path, 'parts', part.name]),
      )
      // What is inside of a shared shape is shared with it.
      const isShared = type.name !== derived
      const inner = parts.map((part) => ({ ...part, isShared: part.isShared || isShared }))
      return [{ name: type.name, as: type.name, path, type, isShared }, ...inner]
    }
    default:
      return []
  }
}

function pathOf(entity: string, field: string): ModelPath {
  return field === 'status' ? [entity, 'lifecycle'] : [entity, 'fields', ...field.split('.')]
}

/** The types of value objects; one of the same name must have the same parts. */
function objectsOf(entity: Entity): readonly Enum[] {
  return embedsOf(entity).map(({ name, type }) => {
    const path = pathOfField(entity, name)
    return { name: type.object, as: type.object, path, type: withoutColumns(type), isShared: true }
  })
}

function withoutColumns(type: FieldType): FieldType {
  if (type.kind !== 'embed') return type
  return { ...type, fields: type.fields.map((part) => ({ ...part, column: '', type: withoutColumns(part.type) })) }
}

function isSameEnum(a: Enum, b: Enum): boolean {
  return a.isShared && b.isShared && canonicalJson(a.type) === canonicalJson(b.type)
}
