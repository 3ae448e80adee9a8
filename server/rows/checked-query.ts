import { getNamedType, isEnumType } from 'graphql'
import { RequestError } from '#base'
import { type Entity, type EntityMap, toOnesOf } from '#schema'
import { HintedError, hintOf, shown } from '../hinted-error.ts'
import { type ListDocument, orderWords, rowFieldNames } from './row-documents.ts'
import { whereFilter } from './where-filter.ts'

/** What code looks for, as the API takes it. */
export interface CheckedQuery {
  /** Null: as many as usual. */
  readonly first: number | null
  readonly filter: object
  readonly order: readonly string[]
  readonly after: unknown
}

/** Where a query is looked at. */
export interface QueryPlace {
  readonly entity: Entity
  readonly entities: EntityMap
  readonly list: ListDocument
}

/**
 * What code asked for, which no type holds it to: what is meant by none of its words is told, and never passed over.
 *
 * @throws RequestError VALIDATION with the word that is wrong, and what would be possible
 */
export function checkedQuery(place: QueryPlace, query: unknown): CheckedQuery {
  const { where = {}, orderBy = [], first = null, after = null, ...rest } = objectOf(query, 'What "find" looks for')
  for (const word of Object.keys(rest))
    throw new HintedError(
      `"find" knows no "${shown(word)}".`,
      [shown(word)],
      hintOf({ given: word, known: queryWords }),
    )
  if (first !== null && !isCount(first)) throw refused('"first" is a whole number: how many rows at most.', 'first')
  return {
    first,
    filter: whereFilter(place.list.filterType, objectOf(where, '"where"', 'where')),
    order: orderOf(place, orderBy),
    after,
  }
}

const queryWords = ['where', 'orderBy', 'first', 'after']

/** An object that is no list: values, conditions, inputs. @throws RequestError VALIDATION */
export function objectOf(value: unknown, said: string, field?: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date))
    return value as Readonly<Record<string, unknown>>
  throw refused(`${said} is an object.`, field)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function orderOf(place: QueryPlace, orderBy: unknown): readonly string[] {
  if (!Array.isArray(orderBy))
    throw refused('"orderBy" is a list of fields: write `orderBy: ["-wantedOn", "number"]`.', 'orderBy')
  return orderBy.map((name: unknown) => {
    if (typeof name !== 'string') throw refused('"orderBy" is a list of names of fields.', 'orderBy')
    const word = orderWords(name).find((each) => isWord(place, each))
    if (word !== undefined) return word
    const plain = `"${place.entity.name}" cannot be ordered by "${shown(name)}".`
    const given = name.replace(/^-/, '')
    throw new HintedError(plain, ['orderBy'], hintOf({ given, known: orderNames(place) }))
  })
}

/** Fields of the row, and of the rows that it goes with. */
function orderNames(place: QueryPlace): readonly string[] {
  const { entity, entities } = place
  const related = toOnesOf(entity).flatMap(({ name, to }) => {
    const target = entities.get(to)
    return target === undefined ? [] : rowFieldNames(target).map((field) => `${name}.${field}`)
  })
  return [...rowFieldNames(entity), ...related].filter((name) => orderWords(name).some((word) => isWord(place, word)))
}

function isWord({ list }: QueryPlace, word: string): boolean {
  const named = getNamedType(list.orderType)
  return isEnumType(named) && named.getValue(word) != null
}

function refused(message: string, field?: string): RequestError {
  return new RequestError('VALIDATION', message, field === undefined ? {} : { fields: [field] })
}
