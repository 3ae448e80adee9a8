import { lowerFirst, snakeCase } from '#base'
import { groupOf } from '../complete/one-of.ts'
import { carriedColumns } from '../model/carried-column.ts'
import { columnFields, pathOfField } from '../model/column-fields.ts'
import { everyAction } from '../model/every-action.ts'
import type { Entity, Model, ModelPath } from '../model/model.ts'
import { objectName } from '../model/object-name.ts'
import { keptReport, keptTable } from '../model/read-only.ts'
import { isSetName, secretsOf } from '../model/secrets.ts'
import { isShared, ownTenantColumn, targetTenantColumn, tenantColumnOf } from '../model/tenancy.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'
import { type Named, reportClashes } from './report-clashes.ts'
import { reservedFieldNames } from './reserved.ts'
import { verifyTypes } from './type-clashes.ts'

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
  }
  for (const { action, path } of everyAction(check.model)) {
    const place = (name: string) => [...path, 'input', name]
    const inputs = action.input.map(({ name, column }) => ({ name, as: column, path: place(name) }))
    reportClashes(check, inputs, 'the input')
  }
  verifyTypes(check)
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
