import { fitIdentifier, type Sql, sql, toText } from '#base'
import type { ModelIndex } from '#policies'
import { type Entity, type Field, objectName, type ToOne, tenantColumnOf, toOnesOf } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { defaultOf } from '../columns.ts'
import { choiceTest, fieldCheck } from '../field-check.ts'
import { privateFunction } from './private-function.ts'
import type { Fill } from './values-function.ts'

/** The tenant and the defaults of the model: columns of an adopted table have their own, or none. */
export function adoptedFills(entity: Entity, index: ModelIndex): readonly Fill[] {
  if (entity.source.kind !== 'adopted') return []
  const tenant = tenantColumnOf(entity)
  const parts: readonly (Field | ToOne)[] = [...entity.fields, ...toOnesOf(entity)]
  const values = parts.flatMap((part) => {
    const value = defaultOf(part, index)
    return value === null ? [] : [fill(part.column, value)]
  })
  return [...(tenant === null ? [] : [fill(tenant, sql`rowhouse.tenant_id()`)]), ...values]
}

function fill(column: string, value: Sql): Fill {
  const name = toText(sql.identifier(column))
  return {
    declarations: [],
    lines: [`  if new.${name} is null then new.${name} := ${toText(value)}; end if;`],
  }
}

/** Name of the trigger function that holds new values of an adopted table to the model. */
export function checksName(entity: Entity): string {
  return fitIdentifier(`checks_${objectName(entity)}`)
}

/** True when the model says more of an adopted entity's values than their types do. */
export function hasChecks(entity: Entity): boolean {
  return entity.source.kind === 'adopted' && checksOf(entity).length > 0
}

/**
 * Trigger function: what callers write fits the fields of the model. Adopted tables get no checks of ours, for rows that are
 * there already may not fit them; those stay as they are until somebody changes the value.
 */
export function checksFunction(entity: Entity): DatabaseFunction {
  const lines = checksOf(entity).flatMap(({ column, test }) => {
    const name = toText(sql.identifier(column))
    const at = `schema = ${toText(sql.literal(entity.schema))}, table = ${toText(sql.literal(entity.table))}, column = ${toText(sql.literal(column))}`
    return [
      `  if (tg_op = 'INSERT' or new.${name} is distinct from old.${name}) and (${toText(test)}) is false then`,
      `    raise exception using errcode = '23514', ${at}, message = 'the value does not fit the model';`,
      '  end if;',
    ]
  })
  return privateFunction({
    name: checksName(entity),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    body: ['begin', ...lines, '  return new;', 'end'].join('\n'),
    execute: [':OWNER'],
    comment: `New values of ${entity.name} fit its fields.`,
  })
}

function checksOf(entity: Entity): readonly { readonly column: string; readonly test: Sql }[] {
  return entity.fields.flatMap((field) => {
    const column = sql`${sql.raw('new')}.${sql.identifier(field.column)}`
    const isStatus = field.builtIn && field.name === 'status' && field.type.kind === 'choice'
    if (field.builtIn && !isStatus) return []
    const test =
      isStatus && field.type.kind === 'choice'
        ? choiceTest(
            column,
            field.type.values.map(({ value }) => value),
          )
        : fieldCheck(field, entity, column)
    return test === null ? [] : [{ column: field.column, test }]
  })
}
