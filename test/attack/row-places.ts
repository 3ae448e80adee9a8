import {
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
} from 'graphql'
import type { Entity, Relation } from '#schema'
import { type AttemptSource, targetOf } from './attempt.ts'

type Row = Readonly<Record<string, unknown>>

/** A place in the input of a row, or in a patch, where an id can stand. */
export interface RowPlace {
  readonly path: string
  /** Entity whose id stands there. */
  readonly target: string
  /** The row with an id there, instead of what else says the same. */
  put(row: Row, id: string): Row
}

/** Rows that new ones are made inside of. */
type Depth = 0 | 1

/** Every place of a row's input or patch: its own columns, rows it connects to, and those of rows that are made inside of it. */
export function rowPlaces(
  source: AttemptSource,
  entity: Entity,
  { type, depth }: { readonly type: GraphQLInputType; readonly depth: Depth },
): readonly RowPlace[] {
  return inputFields(type).flatMap((field): readonly RowPlace[] => {
    const target = targetOf(entity, field.name)
    if (target !== null && field.name !== 'id') return [columnPlace(field.name, target)]
    if (!isInputObjectType(getNamedType(field.type))) return []
    const relation = entity.relations.find(({ name }) => name === field.name)
    if (relation === undefined || !['one', 'many', 'hasOne'].includes(relation.kind)) {
      throw new Error(`There is an input of a new kind: ${entity.name}.${field.name}.`)
    }
    return insidePlaces(source, { relation: relation as Way, field, depth })
  })
}

type Way = Extract<Relation, { readonly kind: 'one' | 'many' | 'hasOne' }>

function columnPlace(column: string, target: string): RowPlace {
  const put = (row: Row, id: string) => ({ ...without(row, column.replace(/Id$/, '')), [column]: id })
  return { path: column, target, put }
}

interface Inside {
  readonly relation: Way
  readonly field: GraphQLInputField
  readonly depth: Depth
}

function insidePlaces(source: AttemptSource, { relation, field, depth }: Inside): readonly RowPlace[] {
  const { name, to } = relation
  return inputFields(field.type).flatMap((word): readonly RowPlace[] => {
    const wrap = isListType(getNullableType(word.type)) ? (value: unknown) => [value] : (value: unknown) => value
    const placed = (row: Row, value: unknown) => ({
      ...without(row, `${name}Id`),
      [name]: { [word.name]: wrap(value) },
    })
    if (word.name === 'connect') {
      return [{ path: `${name}.connect`, target: to, put: (row, id) => placed(row, keyOf(word.type, id)) }]
    }
    if (word.name !== 'create') throw new Error(`There is a new way to other rows: ${name}.${word.name}.`)
    if (depth === 0) return []
    const child = source.model.entities.find((one) => one.name === to)!
    const parent = relation.kind === 'one' ? [] : [relation.by, `${relation.by}Id`]
    return rowPlaces(source, child, { type: word.type, depth: 0 })
      .filter(({ path }) => !parent.includes(path.split('.')[0]!))
      .map(({ path, target, put }) => ({
        path: `${name}.create.${path}`,
        target,
        put: (row, id) => placed(row, put(without(source.makeRow(child), ...parent), id)),
      }))
  })
}

/** Patches of nothing but a new row below the one that is patched: rows that hang on it. */
export function hangingPatches(
  source: AttemptSource,
  entity: Entity,
  type: GraphQLInputType,
): readonly { readonly path: string; make(): Row }[] {
  return inputFields(type).flatMap((field) => {
    const relation = entity.relations.find(({ name }) => name === field.name)
    if (relation === undefined || (relation.kind !== 'many' && relation.kind !== 'hasOne')) return []
    const create = inputFields(field.type).find(({ name }) => name === 'create')
    if (create === undefined) return []
    const child = source.model.entities.find((one) => one.name === relation.to)!
    const make = () => {
      const row = without(source.makeRow(child), relation.by, `${relation.by}Id`)
      return { [field.name]: { create: isListType(getNullableType(create.type)) ? [row] : row } }
    }
    return [{ path: `${field.name}.create`, make }]
  })
}

function keyOf(type: GraphQLInputType, id: string): Row {
  const fields = inputFields(type).map(({ name }) => name)
  if (fields.join() !== 'id') throw new Error(`There are keys of a new kind: ${fields.join(', ')}.`)
  return { id }
}

/** Fields of an input, none of what is no input object. */
export function inputFields(type: GraphQLInputType): readonly GraphQLInputField[] {
  const named = getNamedType(type)
  return isInputObjectType(named) ? Object.values(named.getFields()) : []
}

function without(row: Row, ...names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))
}
