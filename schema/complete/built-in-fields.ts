import type { Problems } from '../load/problems.ts'
import type { Default, Field, FieldType, Lifecycle, Source, Tenancy } from '../model/model.ts'
import { keptReport } from '../model/read-only.ts'
import { type ColumnPlace, readColumn } from './column.ts'
import type { Id } from './identity.ts'
import { type Options, readOptions } from './options.ts'
import { notShown } from './shown.ts'

/** Columns of the moments that Rowhouse keeps; null: not kept. */
export interface Moments {
  readonly createdAt: ColumnPlace | null
  readonly updatedAt: ColumnPlace | null
  readonly deletedAt: ColumnPlace | null
}

/** Where they are kept, when nothing else is said. */
export const usualMoments: Moments = {
  createdAt: { column: 'created_at', columnType: null },
  updatedAt: { column: 'updated_at', columnType: null },
  deletedAt: { column: 'deleted_at', columnType: null },
}
const none: Moments = { createdAt: null, updatedAt: null, deletedAt: null }

/**
 * Reads `builtIns: false | { createdAt: 'created' | false, … }`. What is not mentioned is kept in the usual column; in an
 * adopted table it is not kept.
 */
export function readMoments(options: Options, isAdopted: boolean, problems: Problems): Moments {
  const given = options.raw('builtIns')
  const fallback = isAdopted ? none : usualMoments
  if (given === undefined) return fallback
  if (given === false) return none
  const path = [...options.path, 'builtIns']
  const read = readOptions(given, path, problems)
  const moment = (name: keyof Moments): ColumnPlace | null => {
    const column = read.raw(name)
    if (column === undefined) return fallback[name]
    if (column === false) return null
    return readColumn(column, { name, type: { kind: 'datetime' } }, [...path, name], problems)
  }
  const moments = { createdAt: moment('createdAt'), updatedAt: moment('updatedAt'), deletedAt: moment('deletedAt') }
  read.done()
  return moments
}

/** The fields that Rowhouse makes itself, in their fixed order. */
export function builtInFields(lifecycle: Lifecycle | null, id: Id | null, moments: Moments): readonly Field[] {
  const status = lifecycle === null ? [] : [statusField(lifecycle)]
  const moment = (name: keyof Moments): readonly Field[] => {
    const place = moments[name]
    const value: Default | null = name === 'deletedAt' ? null : { kind: 'now' }
    return place === null ? [] : [{ ...builtIn(name, place.column, { kind: 'datetime' }, value), ...place }]
  }
  return [
    ...(id === null ? [] : [idField(id)]),
    ...status,
    ...moment('createdAt'),
    ...moment('updatedAt'),
    ...moment('deletedAt'),
  ]
}

/** Whether a row is ours. Only entities with `tenant: 'shared'` have it, behind the id. */
export function withShared(fields: readonly Field[], tenancy: Tenancy): readonly Field[] {
  if (tenancy !== 'shared') return fields
  const [id, ...rest] = fields
  return [
    ...(id === undefined ? [] : [id]),
    { ...builtIn('isShared', 'is_shared', { kind: 'boolean' }, { kind: 'value', value: false }), note },
    ...rest,
  ]
}

/** When the rows were computed. Only reports that keep their rows have it. */
export function withRefreshed(fields: readonly Field[], source: Source): readonly Field[] {
  if (keptReport({ source }) === null) return fields
  const field = builtIn('refreshedAt', 'refreshed_at', { kind: 'datetime' }, null)
  return [...fields, { ...field, note: 'When the rows were computed: all that was there by then is in them.' }]
}

const note = 'Whether every tenant sees the row; such rows are changed by none of them.'

function idField({ type, column }: Id): Field {
  if (type === 'uuid') return builtIn('id', column, { kind: 'uuid' }, { kind: 'v7' })
  const kind = type === 'int64' ? 'int64' : 'int'
  const field = builtIn('id', column, { kind, min: null, max: null }, { kind: 'identity' })
  return type === 'int16' ? { ...field, columnType: 'smallint' } : field
}

function statusField(lifecycle: Lifecycle): Field {
  const type: FieldType = {
    kind: 'choice',
    enum: lifecycle.enum,
    values: lifecycle.states.map(({ requires: _, freezes: __, ...value }) => value),
  }
  return builtIn('status', 'status', type, { kind: 'value', value: lifecycle.initial })
}

function builtIn(name: string, column: string, type: FieldType, fallback: Default | null): Field {
  const optional = name === 'deletedAt'
  return {
    ...notShown,
    name,
    column,
    columnType: null,
    type,
    optional,
    readonly: true,
    builtIn: true,
    default: fallback,
    from: null,
    pii: false,
    numbering: null,
  }
}
