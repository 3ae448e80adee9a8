import { type Sql, sql } from '#base'
import type { ModelIndex } from '#policies'
import { columnFields, type Entity, type Rule, toOnesOf } from '#schema'
import { defaultOf } from './columns.ts'

/** A column that callers give, behind a field or a to-one relation. */
export interface WritableColumn {
  /** Name of the field or relation; of a part of a value object its path. */
  readonly name: string
  readonly column: string
  readonly readonly: boolean
  readonly default: Sql | null
  /** True when each evaluation of the default gives another value. */
  readonly isRandom: boolean
}

/** Columns that a caller may give when a row is made; built-in ones are nobody's to write. */
export function creatable(entity: Entity, index: ModelIndex): readonly WritableColumn[] {
  const fields = columnFields(entity).filter((field) => !field.builtIn && field.numbering === null)
  const parts = [...fields, ...toOnesOf(entity)]
  return parts.map((part) => ({
    name: part.name,
    column: part.column,
    readonly: part.readonly,
    default: defaultOf(part, index),
    isRandom: part.default !== null && drawn.has(part.default.kind),
  }))
}

const drawn: ReadonlySet<string> = new Set(['random', 'v7', 'randomText'])

/** Columns that a caller may change later. */
export function updatable(entity: Entity, index: ModelIndex): readonly WritableColumn[] {
  return creatable(entity, index).filter((column) => !column.readonly)
}

/** Those of the columns that the rule does not speak of. */
export function uncovered(rule: Rule, columns: readonly WritableColumn[]): readonly WritableColumn[] {
  const { fields } = rule
  return fields === null
    ? []
    : columns.filter((column) => !fields.includes(column.name) && !isPreset(rule, column.name))
}

function isPreset({ sets }: Rule, name: string): boolean {
  return sets.some((preset) => preset.name === name)
}

/** Those of the columns that the rule lets callers write: what it gives by itself is none. */
export function covered(rule: Rule, columns: readonly WritableColumn[]): readonly WritableColumn[] {
  const { fields } = rule
  const own = columns.filter((column) => !isPreset(rule, column.name))
  return fields === null ? own : own.filter((column) => fields.includes(column.name))
}

/** The default as SQL, `null` where there is none. */
export function defaultSql(column: WritableColumn): Sql {
  return column.default ?? sql`null`
}
