import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { canonicalHash } from '#base'

/** What values to give. */
export interface Values {
  /** Of an argument or a field of an input, given the name of what it is of: `id` of `UpdateDealInput`. Null: nothing special. */
  readonly named: (name: string, of: string) => readonly unknown[] | null
  readonly byType: Readonly<Record<string, readonly unknown[]>>
}

type How = 'whole' | 'mentions' | 'any'
type Place = readonly [name: string, of: string]
type Input = Pick<GraphQLArgument | GraphQLInputField, 'name' | 'type'>

/**
 * All that a schema lets a caller say of some fields, found by introspection: a new argument, operator, order or aggregate is asked the day that it is there. Nothing
 * here knows what an argument means; whatever takes a name of a field is given it.
 */
export class Surface {
  readonly #schema: GraphQLSchema
  readonly #guarded: RegExp
  readonly #values: Values

  /** @param guarded names of fields in lower case, without `_`, as they stand in names of the API */
  constructor(schema: GraphQLSchema, guarded: RegExp, values: Values) {
    this.#schema = schema
    this.#guarded = guarded
    this.#values = values
  }

  /** Questions of fields of `Query` and of lists inside of rows: each argument with literals that mention a guarded field, and the plain ones with any value. */
  questions(): readonly string[] {
    return thinned([...this.#roots(), ...this.#nested()])
  }

  #roots(): readonly string[] {
    return Object.values(this.#schema.getQueryType()!.getFields()).flatMap((field) =>
      field.name === 'query' ? [] : this.#asked(field),
    )
  }

  #nested(): readonly string[] {
    return Object.values(this.#schema.getQueryType()!.getFields()).flatMap((root) => {
      const node = this.#nodeOf(root)
      if (node === null || root.args.some(isRequiredArgument)) return []
      return Object.values(node.getFields()).flatMap((field) => {
        if (isLeafType(getNamedType(field.type)) || field.args.some(isRequiredArgument) || field.args.length === 0)
          return []
        return this.#asked(field).map((asked) => `${root.name} { nodes { ${asked} } }`)
      })
    })
  }

  /** Every field of every change, with a body that says all that it must, and one for each guarded field beside. */
  changes(): readonly string[] {
    return Object.values(this.#schema.getMutationType()!.getFields())
      .flatMap((field) => {
        const input = field.args[0]!
        const payload = this.#selection(getNamedType(field.type) as GraphQLObjectType, 1)
        return this.#literals(input.type, 3, 'whole').map((given) => `${field.name}(input: ${given}) ${payload}`)
      })
      .toSorted((a, b) => lateness(a) - lateness(b))
  }

  #asked(field: GraphQLField<unknown, unknown>): readonly string[] {
    const required = field.args.filter(isRequiredArgument)
    const shown = this.#selection(getNamedType(field.type) as GraphQLObjectType, 1)
    const brief = this.#brief(field)
    const of = getNamedType(field.type).name
    const base = combined(
      required.map((each) =>
        this.#literals(each.type, 3, 'whole', [each.name, of]).map((one) => `${each.name}: ${one}`),
      ),
    )
    const plain = base.map((given) => `${field.name}${given === '' ? '' : `(${given})`} ${shown}`)
    const optional = field.args.filter((each) => !isRequiredArgument(each))
    const more = optional.flatMap((each) =>
      this.#literals(each.type, 3, 'mentions', [each.name, '']).map(
        (one) => `${field.name}(${[...base.slice(0, 1), `${each.name}: ${one}`].filter(Boolean).join(', ')}) ${brief}`,
      ),
    )
    return [...plain, ...this.#groups(field), ...more]
  }

  /** Fields inside of a list that take arguments themselves, such as groups. */
  #groups(field: GraphQLField<unknown, unknown>): readonly string[] {
    const type = getNamedType(field.type)
    if (!isObjectType(type) || !/Connection$/.test(type.name) || field.args.some(isRequiredArgument)) return []
    return Object.values(type.getFields()).flatMap((inner) => {
      if (inner.args.length === 0) return []
      const required = combined(
        inner.args
          .filter(isRequiredArgument)
          .map((each) =>
            this.#literals(each.type, 3, 'mentions', [each.name, '']).map((one) => `${each.name}: ${one}`),
          ),
      )
      const shown = this.#selection(getNamedType(inner.type) as GraphQLObjectType, 1)
      const any = inner.args
        .filter(isRequiredArgument)
        .map((each) => `${each.name}: ${this.#literals(each.type, 3, 'any', [each.name, ''])[0]}`)
      const optional = inner.args
        .filter((each) => !isRequiredArgument(each))
        .flatMap((each) =>
          this.#literals(each.type, 3, 'mentions', [each.name, '']).map((one) =>
            [...any, `${each.name}: ${counted(one)}`].join(', '),
          ),
        )
      return [
        ...required.map((given) => `${field.name} { ${inner.name}(${given}) ${shown} }`),
        ...optional.map((given) => `${field.name} { ${inner.name}(${given}) { keys } }`),
      ]
    })
  }

  /** What a filter or an order shows: which rows, in what order, and where their cursors are. */
  #brief(field: GraphQLField<unknown, unknown>): string {
    const type = getNamedType(field.type)
    if (!isObjectType(type)) return ''
    return type.getFields().edges === undefined
      ? this.#selection(type, 0)
      : '{ totalCount edges { cursor node { __typename nodeId } } pageInfo { hasNextPage } }'.replace(
          'nodeId',
          this.#nodeOf(field)?.getFields().nodeId === undefined ? '' : 'nodeId',
        )
  }

  #nodeOf(field: GraphQLField<unknown, unknown>): GraphQLObjectType | null {
    const type = getNamedType(field.type)
    const node = isObjectType(type) ? type.getFields().nodes : undefined
    const named = node === undefined ? null : getNamedType(node.type)
    return isObjectType(named) ? named : null
  }

  /** All fields that need no argument, so many rows deep. */
  #selection(type: GraphQLObjectType, depth: number): string {
    if (!isObjectType(type)) return isLeafType(type) ? '' : '{ __typename }'
    const shown = Object.values(type.getFields()).flatMap((field): readonly string[] => {
      if (field.args.some(isRequiredArgument)) return []
      const named = getNamedType(field.type)
      if (isLeafType(named)) return [field.name]
      if (!isObjectType(named) || named.name === 'Query') return []
      const isRow = named.getInterfaces().length > 0 || /Connection$/.test(named.name)
      if (isRow && depth === 0) return []
      return [`${field.name} ${this.#selection(named, isRow ? depth - 1 : depth)}`]
    })
    return shown.length === 0 ? '{ __typename }' : `{ ${shown.join(' ')} }`
  }

  /**
   * Literals of a type. `whole`: all that is required, and each guarded field beside; `mentions`: only such that name a guarded field, and scalars; `any`: also others.
   */
  #literals(type: GraphQLInputType, depth: number, how: How, place: Place = ['', '']): readonly string[] {
    if (isNonNullType(type)) return this.#literals(type.ofType, depth, how, place)
    if (isListType(type)) return this.#literals(type.ofType, depth, how, place).map((each) => `[${each}]`)
    if (isEnumType(type)) {
      const all = type.getValues().map((value) => value.name)
      return how === 'mentions' ? all.filter((each) => this.#isGuarded(each)) : all.slice(0, 2)
    }
    if (!isInputObjectType(type))
      return (this.#values.named(...place) ?? this.#values.byType[type.name] ?? []).map(literal)
    const fields = Object.values(type.getFields())
    if (how === 'mentions' && fields.some(isRequiredInputField)) return this.#bodies(fields, depth, type.name)
    return how === 'whole'
      ? this.#bodies(fields, depth, type.name)
      : fields.flatMap((field) => this.#conditions(field, depth, how))
  }

  #bodies(fields: readonly GraphQLInputField[], depth: number, of: string): readonly string[] {
    const say = (field: Input, n = 0) => {
      const all = this.#literals(field.type, depth - 1, 'whole', [field.name, of])
      return all.length === 0 ? [] : [`${field.name}: ${all[n % all.length]}`]
    }
    const required = fields.filter(isRequiredInputField)
    const ids = required.filter(({ name }) => this.#values.named(name, of) !== null)
    const rest = required.filter((field) => !ids.includes(field))
    const bodies = combined(
      ids.map((field) =>
        this.#literals(field.type, depth - 1, 'whole', [field.name, of]).map((one) => `${field.name}: ${one}`),
      ),
    )
    const patches = rest.map((field) =>
      this.#literals(field.type, depth - 1, 'whole', [field.name, of]).map((one) => `${field.name}: ${one}`),
    )
    const whole = combined(patches.map((all) => (all.length > 4 ? all : all.slice(0, 1))))
    const isLeading = ({ name }: Input) => this.#values.named(name, of) !== null
    const optional = fields.filter(
      (field) => !isRequiredInputField(field) && (this.#isGuarded(field.name) || isLeading(field)),
    )
    const more = optional.flatMap((field) => [...new Set([...say(field, 1), `${field.name}: null`])])
    const base = bodies.flatMap((one, at) =>
      whole.slice(0, at === 0 ? whole.length : 1).map((each) => [one, each].filter((text) => text !== '').join(', ')),
    )
    const alone = base.length === 0 ? [''] : base
    return [...alone, ...more.map((each) => [alone[0]!, each].filter((text) => text !== '').join(', '))].map(
      (each) => `{ ${each} }`,
    )
  }

  #conditions(field: Input, depth: number, how: 'mentions' | 'any'): readonly string[] {
    const type = getNamedType(field.type)
    const isAbout = how === 'any' || this.#isGuarded(field.name)
    if (/^(and|or|AND|OR)$/.test(field.name)) return []
    if (!isInputObjectType(type))
      return isAbout || isEnumType(type)
        ? this.#literals(field.type, depth, isAbout ? 'any' : 'mentions').map((one) => `{ ${field.name}: ${one} }`)
        : []
    if (depth === 0) return []
    const inner = this.#literals(field.type, depth - 1, isAbout ? 'any' : 'mentions')
    // Of what a hidden relation leads to, each field once.
    const isRow = isAbout && type.getFields().and !== undefined
    const said = isRow
      ? [...Map.groupBy(inner, (one) => /\w+/.exec(one)![0]).values()].map((same, at) => same[at % same.length]!)
      : inner
    return said.map((one) => `{ ${field.name}: ${one} }`)
  }

  #isGuarded(name: string): boolean {
    return this.#guarded.test(name.replaceAll('_', '').toLowerCase())
  }
}

/**
 * A part of the questions, of which each word stands beside each other word in one: every operator of every field, every way to every field, every total of it. What is said
 * through two ways is said through each.
 */
function thinned(all: readonly string[]): readonly string[] {
  const heard = new Set<string>()
  // Short ones first, and of equal length in an order that is no author's.
  const rank = new Map(all.map((question) => [question, `${wordsOf(question).length + 100}${canonicalHash(question)}`]))
  const sorted = all.toSorted((a, b) => (rank.get(a)! < rank.get(b)! ? -1 : 1))
  return sorted.filter((question) => {
    const pairs = pairsOf(question)
    const isNew = pairs.some((pair) => !heard.has(pair))
    for (const pair of pairs) heard.add(pair)
    return isNew
  })
}

function pairsOf(question: string): readonly string[] {
  const words = wordsOf(question)
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`)
  const [, operator, value] = /(\w+): ([^{}:]*|\{ a: 1 \}|\[\{ a: 1 \}\])( \}+)/.exec(question) ?? []
  if (operator === undefined || value === undefined || !question.includes('filter')) return pairs
  // Each operator for each type of values, and each field with some of them.
  const last = pairs.findLastIndex((pair) => pair.endsWith(` ${operator}`))
  return pairs
    .map((pair, at) => (at === last ? `${words[at]} ${operator.length % 3}` : pair))
    .concat(`${operator} ${typeof tryJson(value)}`)
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Counts of the few rows of a group are never near what fields hold: they are held against one. */
function counted(condition: string): string {
  return condition.replace(/(?<=\{ distinctCount: .*)"\d+"/g, '"1"')
}

/** Names, without values and what is selected beside. */
function wordsOf(question: string): readonly string[] {
  const said = question.replace(/ \{ (totalCount|keys) .*/, '').replaceAll(/"[^"]*"|\d+/g, '')
  return said.match(/[A-Za-z]+/g) ?? []
}

/** What takes rows away comes last. */
function lateness(change: string): number {
  return ['remove', 'restore', 'delete'].findIndex((verb) => change.startsWith(verb))
}

function combined(parts: readonly (readonly string[])[]): readonly string[] {
  return parts.reduce<readonly string[]>(
    (before, part) => before.flatMap((one) => part.map((each) => (one === '' ? each : `${one}, ${each}`))),
    [''],
  )
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (value !== null && typeof value === 'object')
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${name}: ${literal(each)}`)
      .join(', ')} }`
  return JSON.stringify(value)
}
