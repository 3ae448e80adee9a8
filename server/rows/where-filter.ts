import { type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql'
import { RequestError } from '#base'

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
  if (name === 'anyOf') return { or: conditions(name, said).map((each) => whereFilter(type, each)) }
  if (name === 'allOf') return { and: conditions(name, said).map((each) => whereFilter(type, each)) }
  if (name === 'not') return { not: whereFilter(type, condition(name, said)) }
  const { name: found, filter } = filterOf(type, name, said)
  const words = fieldsOf(filter)
  if ('some' in words && 'every' in words) return { [found]: ofMany(filter, name, said) }
  // A to-one, or a value object: conditions again.
  if ('and' in words && !('equalTo' in words)) return { [found]: whereFilter(filter, condition(name, said)) }
  return { [found]: tests(name, said, words) }
}

/** The id of a to-one stands for the row: `{ customer: 'id' }`. */
function filterOf(type: GraphQLInputType, name: string, said: unknown) {
  const fields = fieldsOf(type)
  const isId = said === null || typeof said === 'string'
  const named = isId && fields[`${name}Id`] !== undefined ? `${name}Id` : name
  const filter = fields[named]
  if (filter === undefined) throw refused(`There is nothing called "${name}" to look for.`, name)
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

const comparisons: Readonly<Record<string, string>> = {
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
  return Object.assign({}, ...Object.entries(said).map(([word, value]) => test(name, word, value, words)))
}

function test(name: string, word: string, value: unknown, words: Readonly<Record<string, GraphQLInputType>>): object {
  if (value === null && (word === 'is' || word === 'isNot')) return { isNull: word === 'is' }
  const filter = comparisons[word]
  if (filter === undefined || words[filter] === undefined)
    throw refused(`"${name}" cannot be looked for with "${word}".`, name)
  return { [filter]: word === 'has' ? [value] : value }
}

function fieldsOf(type: GraphQLInputType): Readonly<Record<string, GraphQLInputType>> {
  const named = getNamedType(type)
  if (!isInputObjectType(named)) return {}
  return Object.fromEntries(Object.values(named.getFields()).map((field) => [field.name, field.type]))
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

function refused(message: string, field: string): RequestError {
  return new RequestError('VALIDATION', message, { fields: [field] })
}
