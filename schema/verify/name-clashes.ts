import { canonicalJson, lowerFirst, snakeCase, upperFirst } from '#base'
import { groupOf } from '../complete/one-of.ts'
import { carriedColumns } from '../model/carried-column.ts'
import { columnFields, embedsOf, pathOfField } from '../model/column-fields.ts'
import type { Entity, FieldType, Model, ModelPath } from '../model/model.ts'
import { objectName } from '../model/object-name.ts'
import { keptReport, keptTable } from '../model/read-only.ts'
import { isSetName, secretsOf } from '../model/secrets.ts'
import { isShared, ownTenantColumn, targetTenantColumn, tenantColumnOf } from '../model/tenancy.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'
import { derivedTypes, typesOfOne } from './derived-types.ts'
import { reservedFieldNames } from './reserved.ts'

/** Two names never become one in Postgres or GraphQL. */
export function verifyNameClashes(check: Verification): void {
  // Those in between have no name in GraphQL; their tables are checked where the link is written.
  const entities = check.model.entities.filter(({ link }) => link === null)
  reportClashes(
    check,
    entities.flatMap((entity) => [
      { name: entity.name, as: objectName(entity), path: [entity.name] },
      ...(keptReport(entity) === null ? [] : [{ name: entity.name, as: keptTable(entity), path: [entity.name] }]),
    ]),
    'the table',
  )
  reportClashes(check, entities.flatMap(rootNames), 'the GraphQL field')
  for (const entity of entities) {
    const told = reportClashes(check, columnsOf(entity, check), 'the column')
    const members = membersOf(entity).filter(({ path }) => !told.has(JSON.stringify(path)))
    reportClashes(check, members, 'the GraphQL field')
    for (const { name, input } of entity.actions) {
      const path = [entity.name, 'actions', name, 'input']
      const inputs = input.map((field) => ({ name: field.name, as: field.column, path: [...path, field.name] }))
      reportClashes(check, inputs, 'the input')
    }
  }
  verifyTypes(check)
}

interface Named {
  /** As the author wrote it. */
  readonly name: string
  /** What becomes of it. */
  readonly as: string
  readonly path: ModelPath
}

/** The paths of those that clash with an earlier one. */
function reportClashes({ problems }: Verification, named: readonly Named[], what: string): ReadonlySet<string> {
  const first = new Map<string, Named>()
  const told = new Set<string>()
  for (const each of named) {
    const known = first.get(each.as)
    first.set(each.as, known ?? each)
    if (known === undefined) continue
    told.add(JSON.stringify(each.path))
    const [entity, part] = each.path
    if (part === 'plural' && known.path.length === 1 && known.path[0] === entity) {
      const message = `"${known.name}" is its own plural: one row and a list of rows would be called alike.`
      const hint = `Say how a list of them is called: plural: '${known.name}List'.`
      problems.report('NAME_CLASH', { path: each.path, part: 'key' }, message, { hint })
      continue
    }
    const message = `"${each.name}" and "${known.name}" both become ${what} "${each.as}".`
    const related = { message: 'the other is declared in', path: known.path, part: 'key' } as const
    problems.report('NAME_CLASH', { path: each.path, part: 'key' }, message, { hint: 'Rename one of them.', related })
  }
  return told
}

/** `order` and `orders` */
function rootNames({ name, plural }: Entity): readonly Named[] {
  return [
    { name, as: lowerFirst(name), path: [name] },
    { name: plural, as: lowerFirst(plural), path: [name, 'plural'] },
  ]
}

/** Columns that exist anyhow stand first, so that the author's own is what clashes. */
function columnsOf(entity: Entity, { model }: Verification): readonly Named[] {
  const { name, computed } = entity
  const fields = columnFields(entity)
  const builtIns = fields.filter(({ builtIn }) => builtIn)
  // A name that is taken is reported as such.
  const own = fields.filter((each) => !each.builtIn && !reservedFieldNames.has(each.name))
  const ones = toOnesOf(entity)
  const isOwn = ({ name: own }: { readonly name: string }) => !builtIns.some((each) => each.name === own)
  const tenant = tenantColumnOf(entity)
  return [
    // What was there before and has no tenant may use the name for something else.
    ...(tenant === null && 'tenantColumn' in entity.source
      ? []
      : [{ name: 'tenantId', as: tenant ?? 'tenant_id', path: [name] }]),
    ...(isShared(entity) ? [{ name: 'tenant', as: ownTenantColumn, path: [name, 'tenant'] }] : []),
    ...builtIns.map((each) => ({ name: each.name, as: each.column, path: [name] })),
    ...own.filter(isOwn).map((each) => ({ name: each.name, as: each.column, path: pathOfField(entity, each.name) })),
    ...ones.map((each) => ({ name: each.name, as: each.column, path: relationPath(entity, each.name) })),
    ...hiddenColumns(entity),
    ...tenantColumns(entity, model),
    ...computed.filter(isOwn).map((each) => ({
      name: each.name,
      as: snakeCase(each.name),
      path: [name, 'computed', each.name],
    })),
    ...secretsOf(entity).map((each) => ({
      name: each.name,
      as: snakeCase(isSetName(each.name)),
      path: [name, 'fields', each.name],
    })),
  ]
}

/** Places of ordered parts, and what paths lead to. */
function hiddenColumns(entity: Entity): readonly Named[] {
  const places = toOnesOf(entity).flatMap((each) =>
    each.position !== null ? [{ relation: each.name, as: each.position }] : [],
  )
  const carried = carriedColumns(entity).flatMap(({ column, hop, end }) => {
    const paths = toOnesOf(entity).filter((each) => each.same?.join('.') === `${hop.name}.${end}`)
    return paths.slice(0, 1).map((each) => ({ relation: each.name, as: column }))
  })
  return [...places, ...carried].map(({ relation, as }) => ({
    name: relation,
    as,
    path: [entity.name, 'relations', relation],
  }))
}

/** What says whose the rows are that a row leads to. */
function tenantColumns(entity: Entity, model: Model): readonly Named[] {
  const entities = new Map(model.entities.map((each) => [each.name, each]))
  return toOnesOf(entity).flatMap((each) => {
    const as = targetTenantColumn(each, entities)
    return as === null ? [] : [{ name: each.name, as, path: relationPath(entity, each.name) }]
  })
}

function membersOf(entity: Entity): readonly Named[] {
  const { name, fields, relations, computed } = entity
  const own = fields.filter(({ builtIn }) => !builtIn)
  const ones = toOnesOf(entity)
  return [
    ...own.map((each) => ({ name: each.name, as: each.name, path: [name, 'fields', each.name] })),
    ...computed.map((each) => ({ name: each.name, as: each.name, path: [name, 'computed', each.name] })),
    ...secretsOf(entity).map((each) => ({
      name: each.name,
      as: isSetName(each.name),
      path: [name, 'fields', each.name],
    })),
    ...relations.map((each) => ({ name: each.name, as: each.name, path: relationPath(entity, each.name) })),
    ...ones.map((each) => ({ name: each.name, as: `${each.name}Id`, path: relationPath(entity, each.name) })),
    ...ones
      .filter((each) => each.position !== null)
      .map((each) => ({ name: each.name, as: `${each.name}Position`, path: [name, 'relations', each.name] })),
  ]
}

/** Where a relation was written; the to-ones of `oneOf` are written with it. */
function relationPath(entity: Entity, relation: string): ModelPath {
  return [entity.name, 'relations', groupOf(entity, relation)?.name ?? relation]
}

/** Entities, enums and what GraphQL derives from entities are types in one space. */
function verifyTypes(check: Verification): void {
  const enums = check.model.entities.flatMap((entity) => [...enumsOf(entity), ...objectsOf(entity)])
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
}

/** `Site` and `SiteSum` both have `SiteSumAggregates`: sums of the one, totals of the other. */
function reportDerivedTypes({ problems }: Verification, entities: readonly Entity[]): void {
  const first = new Map<string, string>()
  const told = new Set<string>()
  // The longer name is the one that reads like a part of the other's.
  for (const entity of entities.toSorted((a, b) => a.name.length - b.name.length))
    for (const type of typesOfOne(entity)) {
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
  const inputs = entity.actions.flatMap((action) =>
    action.input.map((field) => ({ field, path: [entity.name, 'actions', action.name, 'input', field.name] })),
  )
  const computed = entity.computed.map((field) => ({ field, path: [entity.name, 'computed', field.name] }))
  return [...fields, ...computed, ...inputs].flatMap(({ field, path }) => {
    const named = namedTypes(field.type, entity.name + upperFirst(field.name), path)
    // What is inside of a value object belongs to its type.
    return field.name.includes('.') ? named.map((each) => ({ ...each, isShared: true })) : named
  })
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
