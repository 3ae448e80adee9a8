import { sql, toText } from '#base'
import { conditionToSql, defaultToSql, type ModelIndex, namedRow, rowActor } from '#policies'
import { type Entity, type Field, ownDefaultReads } from '#schema'
import type { Fill } from './values-function.ts'

/** Defaults by formula: each fills a column that the new row came without, after those that it reads. */
export function defaultFills(entity: Entity, index: ModelIndex): readonly Fill[] {
  return inOrder(entity, index).map((field) => {
    const column = `new.${toText(sql.identifier(field.column))}`
    const value = toText(defaultFormula(field, entity, index)!)
    return { declarations: [], lines: [`  if ${column} is null then`, `    ${column} := ${value};`, '  end if;'] }
  })
}

/** What a field with a formula as default becomes in the new row, or null for any other field. */
export function defaultFormula(field: Field, entity: Entity, index: ModelIndex) {
  if (field.default?.kind !== 'expression') return null
  const scope = { index, entity, row: namedRow('new'), actor: rowActor, related: 'inline', depth: 0 } as const
  const { expression } = field.default
  return defaultToSql({ ...field, expression }, scope, conditionToSql)
}

function inOrder(entity: Entity, index: ModelIndex): readonly Field[] {
  const placed: Field[] = []
  const place = (name: string): void => {
    if (placed.some((each) => each.name === name)) return
    for (const each of ownDefaultReads(entity, name, index.entities)) place(each)
    placed.push(entity.fields.find((each) => each.name === name)!)
  }
  for (const field of entity.fields) if (field.default?.kind === 'expression') place(field.name)
  return placed
}
