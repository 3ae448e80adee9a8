import { type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql'
import { RequestError } from '#base'
import { HintedError, hintOf } from '../hinted-error.ts'

type Given = Readonly<Record<string, unknown>>

/**
 * A condition in the words of policies as a filter of the API: so it is asked under row security, of related rows too, and tells nothing that a
 * list of the API would not tell.
 *
 * @throws RequestError VALIDATION for a word that the API has no filter for
 */
export function whereFilter(type: GraphQLInputType, where: object): object {
  return { and: Object.entries(where).map(([name, said]) => part(type, name, said)) }
}

function part(type: GraphQLInputType, name: string, said: unknown): object {
  if (said === undefined)
    throw refused(`"${name}" is compared with undefined: leave it out, or say what is looked for.`, name)
  if (name === 'anyOf') return { or: alternatives(name, said).map((each) => whereFilter(type, each)) }
  if (name === 'allOf') return { and: conditions(name, said).map((each) => whereFilter(type, each)) }
  if (name === 'not') return { not: whereFilter(type, condition(name, said)) }
  const { name: found, filter } = filterOf(type, name, said)
  const words = fieldsOf(filter)
  if ('some' in words && 'every' in words) return { [found]: ofMany(filter, name, said) }
  // A to-one, or a value object: conditions again.
  if ('and' in words && !('equalTo' in words)) return { [found]: whereFilter(filter, condition(name, said)) }
  return { [found]: tests(name, said, words) }
}

const joinings = ['anyOf', 'allOf', 'not']

/** The rest is how filters of the API are joined, which policies call otherwise. */
function isName(name: string): boolean {
  return !['and', 'or', 'not'].includes(name)
}

/** The id of a to-one stands for the row: `{ customer: 'id' }`. */
function filterOf(type: GraphQLInputType, name: string, said: unknown) {
  const fields = fieldsOf(type)
  const isId = said === null || typeof said === 'string'
  const named = isId && fields[`${name}Id`] !== undefined ? `${name}Id` : name
  const filter = fields[named]
  if (filter === undefined)
    throw hinted(`There is nothing called "${name}" to look for.`, name, [
      ...joinings,
      ...Object.keys(fields).filter(isName),
    ])
  return { name: named, filter }
}

function ofMany(filter: GraphQLInputType, name: string, said: unknown): object {
  return Object.fromEntries(
    Object.entries(condition(name, said)).map(([quantifier, each]) => {
      const inner = fieldsOf(filter)[quantifier]
      if (inner === undefined || !['some', 'every', 'none'].includes(quantifier))
        throw refused(`"${name}" knows "some", "every" and "none".`, name)
      return [quantifier, whereFilter(inner, condition(name, each))]
    }),
  )
}

/** What the API calls the words of policies. */
export const comparisons: Readonly<Record<string, string>> = {
  is: 'equalTo',
  isNot: 'distinctFrom',
  in: 'in',
  under: 'lessThan',
  before: 'lessThan',
  atMost: 'lessThanOrEqualTo',
  over: 'greaterThan',
  after: 'greaterThan',
  atLeast: 'greaterThanOrEqualTo',
  startsWith: 'startsWith',
  endsWith: 'endsWith',
  contains: 'includes',
  has: 'contains',
  hasAll: 'contains',
  hasAny: 'overlaps',
}

function tests(name: string, said: unknown, words: Readonly<Record<string, GraphQLInputType>>): object {
  if (typeof said !== 'object' || said === null || said instanceof Date) return test(name, 'is', said, words)
  if (Array.isArray(said)) throw refused(`"${name}" is one value: write { in: [...] }.`, name)
  const tested = Object.entries(said)
  if (tested.length === 0) throw hinted(`"${name}" is compared with nothing.`, name, possible(words))
  return Object.assign({}, ...tested.map(([word, value]) => test(name, word, value, words)))
}

function test(name: string, word: string, value: unknown, words: Readonly<Record<string, GraphQLInputType>>): object {
  if (value === null && (word === 'is' || word === 'isNot')) return { isNull: word === 'is' }
  const filter = Object.hasOwn(comparisons, word) ? comparisons[word] : undefined
  if (filter === undefined || words[filter] === undefined)
    throw hinted(`"${name}" cannot be looked for with "${word}".`, name, possible(words), word)
  if (value === undefined || value === null)
    throw refused(
      `"${name}" cannot be compared with ${value} by "${word}": write { is: null } where it has no value.`,
      name,
    )
  return { [filter]: word === 'has' ? [value] : value }
}

function possible(words: Readonly<Record<string, GraphQLInputType>>): readonly string[] {
  return Object.keys(comparisons).filter((word) => words[comparisons[word]!] !== undefined)
}

function fieldsOf(type: GraphQLInputType): Readonly<Record<string, GraphQLInputType>> {
  const named = getNamedType(type)
  if (!isInputObjectType(named)) return {}
  return Object.fromEntries(Object.values(named.getFields()).map((field) => [field.name, field.type]))
}

/** One of none is nothing, where a filter of the API would be everything. */
function alternatives(name: string, said: unknown): readonly object[] {
  const found = conditions(name, said)
  if (found.length === 0) throw refused(`"${name}" is a list of no conditions, of which none can hold.`, name)
  return found
}

function conditions(name: string, said: unknown): readonly object[] {
  if (!Array.isArray(said)) throw refused(`"${name}" takes a list of conditions.`, name)
  return said.map((each) => condition(name, each))
}

function condition(name: string, said: unknown): Given {
  if (typeof said !== 'object' || said === null || Array.isArray(said))
    throw refused(`"${name}" takes a condition.`, name)
  return said as Given
}

function hinted(message: string, name: string, known: readonly string[], given = name): RequestError {
  return new HintedError(message, [name], hintOf({ given, known }))
}

function refused(message: string, field: string): RequestError {
  return new RequestError('VALIDATION', message, { fields: [field] })
}
