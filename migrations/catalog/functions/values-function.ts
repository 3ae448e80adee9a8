import { fitIdentifier } from '#base'
import type { ModelIndex } from '#policies'
import { type Entity, objectName } from '#schema'
import type { DatabaseFunction } from '../catalog.ts'
import { adoptedFills } from './adopted-functions.ts'
import { carryFills } from './carry.ts'
import { copyFills } from './copy-fills.ts'
import { defaultFills } from './default-fills.ts'
import { expiryFills } from './expiry.ts'
import { numberFills } from './number-fill.ts'
import { placeFills } from './place.ts'
import { privateFunction } from './private-function.ts'
import { targetTenantFills } from './target-tenant.ts'

/**
 * A value that the database itself gives a new row: numbers of a series, copies, defaults that look at other columns. Lines of
 * PL/pgSQL that assign to `new`, indented by two; they may use the declarations.
 */
export interface Fill {
  readonly declarations: readonly string[]
  readonly lines: readonly string[]
}

/** Everything that fills in values, in order: a later one may read what an earlier one wrote. */
const sources: readonly ((entity: Entity, index: ModelIndex) => readonly Fill[])[] = [
  adoptedFills,
  targetTenantFills,
  carryFills,
  copyFills,
  placeFills,
  numberFills,
  defaultFills,
  expiryFills,
]

/** What fills in values of an entity's new rows. */
export function fillsOf(entity: Entity, index: ModelIndex): readonly Fill[] {
  return sources.flatMap((source) => source(entity, index))
}

/** Name of the trigger function that fills in values. */
export function valuesName(entity: Entity): string {
  return fitIdentifier(`values_${objectName(entity)}`)
}

/** Trigger function before insert: gives a new row what the database itself decides. */
export function valuesFunction(entity: Entity, index: ModelIndex): DatabaseFunction {
  const fills = fillsOf(entity, index)
  const declarations = [...new Set(fills.flatMap((fill) => fill.declarations))]
  const body = [
    ...(declarations.length === 0 ? [] : ['declare', ...declarations.map((line) => `  ${line}`)]),
    'begin',
    ...fills.flatMap((fill) => fill.lines),
    '  return new;',
    'end',
  ].join('\n')
  return privateFunction({
    name: valuesName(entity),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    body,
    execute: [':OWNER'],
    comment: `Values that a new row of ${entity.name} is given.`,
  })
}
