import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isObjectType,
} from 'graphql'
import { type Doors, hiddenA, theirs } from './doors.ts'

/** What may be asked of an API, made from its schema: nothing is left out because nobody thought of it. Each is a field of the query. */
export class Questions {
  readonly #schema: GraphQLSchema

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  /** Questions that anybody may put: the schema is the same for all. */
  static async of(app: Doors): Promise<Questions> {
    return new Questions(buildClientSchema(await app.data({}, getIntrospectionQuery())))
  }

  /** Every total of every field of a list: counts, sums, averages, extremes, deviations; of all, of groups, and of groups that have some total. */
  totals(list: string): readonly string[] {
    const entity = this.#entityOf(list)
    const kinds = Object.values(this.#object(`${entity}Aggregates`)).filter(({ name }) => name !== 'keys')
    const total = kinds.map(({ name, type }) => `${name} { ${this.#leaves(String(getNamedType(type))).join(' ')} }`)
    const counted = this.#leaves(`${entity}DistinctCountAggregates`)[0]!
    const groups = this.#values(`${entity}GroupBy`).map(
      (by) => `${list} { groupedAggregates(groupBy: [${by}]) { keys distinctCount { ${counted} } } }`,
    )
    const by = this.#values(`${entity}GroupBy`)[0]!
    const having = this.#havings(`${entity}HavingInput`).map(
      (test) => `${list} { groupedAggregates(groupBy: [${by}], having: ${test}) { keys } }`,
    )
    return [
      `${list} { totalCount }`,
      ...total.map((each) => `${list} { aggregates { ${each} } }`),
      ...groups,
      ...having,
    ]
  }

  /** Every total of groups held against numbers, and what is not so. */
  #havings(type: string): readonly string[] {
    const totals = this.#inputs(type).filter(({ name }) => !/^(and|or|not)$/.test(name))
    return totals.flatMap(({ name, type: kind }) =>
      this.#inputs(String(getNamedType(kind))).flatMap((field) => {
        const words = String(getNamedType(field.type))
        if (!/^(Int|Float|BigInt|BigFloat)Filter$/.test(words)) return []
        const say = (word: string, value: number) =>
          `{ ${name}: { ${field.name}: { ${word}: ${words.startsWith('Big') ? `"${value}"` : value} } } }`
        const more = say('greaterThan', 8)
        return [more, say('lessThan', 60), say('equalTo', 70), `{ not: ${more} }`, `{ or: [{ and: [${more}] }] }`]
      }),
    )
  }

  /** Every order of a list, with the cursors of its rows. */
  orders(list: string): readonly string[] {
    return this.#values(`${this.#entityOf(list)}OrderBy`).map(
      (by) => `${list}(orderBy: [${by}, ID_ASC], first: 3) { edges { cursor node { id } } pageInfo { hasNextPage } }`,
    )
  }

  /**
   * Every comparison of every field of a list, and of what is related to it, with values that are somewhere in the database; of related rows a part of
   * those, for they are one code, but all of the fields that are asked for by name.
   */
  filters(list: string, names: RegExp): readonly string[] {
    const all = this.#conditions(`${this.#entityOf(list)}Filter`, 1)
    const asked = all.filter((where, n) => names.test(where) || !/\{.*\{/.test(where) || n % 15 === 0)
    return asked.map((where) => `${list}(filter: { ${where} }) { totalCount }`)
  }

  #conditions(type: string, depth: number): readonly string[] {
    return this.#inputs(type).flatMap((field): readonly string[] => {
      const named = String(getNamedType(field.type))
      if (/^(and|or|not)$/.test(field.name)) return []
      if (named === 'Boolean') return [`${field.name}: true`, `${field.name}: false`]
      if (named in values) return this.#comparisons(named).map((test) => `${field.name}: { ${test} }`)
      if (/ToMany\w+Filter$/.test(named)) {
        if (depth === 0) return []
        return this.#inputs(named).flatMap(({ name, type: inner }) =>
          (name === 'aggregates'
            ? this.#aggregates(String(getNamedType(inner)))
            : this.#conditions(String(getNamedType(inner)), depth - 1)
          ).map((where) => `${field.name}: { ${name}: { ${where} } }`),
        )
      }
      if (depth === 0 || !/Filter$/.test(named) || /^Datetime/.test(named) || /^Order(Change)/.test(named)) return []
      return this.#conditions(named, depth - 1).map((where) => `${field.name}: { ${where} }`)
    })
  }

  #aggregates(type: string): readonly string[] {
    return this.#inputs(type).flatMap(({ name, type: kind }) => {
      const fields = name === 'filter' ? [] : this.#inputs(String(getNamedType(kind)))
      return fields
        .filter((field) => /^(Int|BigInt|BigFloat)Filter$/.test(String(getNamedType(field.type))))
        .map(
          (field) =>
            `${name}: { ${field.name}: { greaterThan: ${/Int/.test(String(field.type)) && !/Big/.test(String(field.type)) ? 60 : '"60"'} } }`,
        )
    })
  }

  #comparisons(type: string): readonly string[] {
    return this.#inputs(type).flatMap(({ name, type: given }) =>
      name === 'isNull'
        ? ['isNull: true', 'isNull: false']
        : values[type]!.map((value) => `${name}: ${String(given).startsWith('[') ? `[${value}]` : value}`),
    )
  }

  #entityOf(list: string): string {
    return String(getNamedType(this.#schema.getQueryType()!.getFields()[list]!.type)).replace(/Connection$/, '')
  }

  #leaves(name: string): readonly string[] {
    return Object.values(this.#object(name)).flatMap((field) =>
      isLeafType(getNamedType(field.type)) ? [field.name] : [],
    )
  }

  #object(name: string) {
    const type = this.#schema.getType(name)
    if (!isObjectType(type)) throw new Error(`"${name}" is no type of the API.`)
    return type.getFields()
  }

  #inputs(name: string) {
    const type = this.#schema.getType(name)
    if (!isInputObjectType(type)) throw new Error(`"${name}" is no input of the API.`)
    return Object.values(type.getFields())
  }

  #values(name: string): readonly string[] {
    const type = this.#schema.getType(name)
    if (!isEnumType(type)) throw new Error(`"${name}" is no enum of the API.`)
    return type.getValues().map((value) => value.name)
  }
}

/** Values that hidden rows and hidden fields hold, and such that only visible ones hold. */
const values: Readonly<Record<string, readonly string[]>> = {
  StringFilter: ['"loud"', '"q%"'],
  BigFloatFilter: ['"9.00"', '"70.00"'],
  IntFilter: ['5', '700'],
  UUIDFilter: [`"${hiddenA}"`, `"${theirs}"`],
}

/** Asks many questions, so many in one request; the answers in the same order, as text. */
export async function answers(
  app: Doors,
  who: Parameters<Doors['as']>[0],
  questions: readonly string[],
): Promise<readonly string[]> {
  const told: string[] = []
  const size = 30
  for (let from = 0; from < questions.length; from += size) {
    const some = questions.slice(from, from + size)
    const { data, errors } = await app.as(who, `{ ${some.map((question, n) => `a${n}: ${question}`).join('\n')} }`)
    const refused = errors.filter(({ path }) => path === undefined)
    if (refused.length > 0) throw new Error(JSON.stringify(refused).slice(0, 500))
    for (const n of some.keys()) {
      const codes = errors
        .filter(({ path }) => (path as string[])[0] === `a${n}`)
        .map(({ extensions }) => extensions.code)
      told.push(JSON.stringify(data?.[`a${n}`] ?? codes))
    }
  }
  return told
}

/** The questions whose answers differ, with both. */
export function differing(questions: readonly string[], one: readonly string[], other: readonly string[]) {
  return questions.flatMap((question, n) => (one[n] === other[n] ? [] : [`${question}\n  ${one[n]}\n  ${other[n]}`]))
}
