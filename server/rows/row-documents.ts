import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
  parse,
} from 'graphql'
import { Bug, upperFirst } from '#base'
import { type Entity, type EntityMap, isSetName, type Model, secretsOf, toOnesOf } from '#schema'
import {
  idFieldName,
  mutationName,
  positionFieldName,
  rowFieldName,
  rowsFieldName,
  shownFields,
} from '../graphql/api-names.ts'
import type { GraphqlApi } from '../graphql/create-graphql-schema.ts'

/** An operation that code asks for, and the type of its one argument. */
export interface RowDocument {
  readonly document: DocumentNode
  readonly inputType: GraphQLInputType
  /** What its one field answers. */
  readonly outputType: GraphQLOutputType
}

/** The operations that read and write rows of one API; each is written once, when it is first asked for. */
export class RowDocuments {
  readonly entities: EntityMap
  /** Names of the actions of the app. */
  readonly appActions: readonly string[]
  readonly #schema: GraphQLSchema
  readonly #known = new Map<string, RowDocument | null>()

  constructor(model: Model, { schema }: GraphqlApi) {
    this.entities = new Map(model.entities.map((entity) => [entity.name, entity]))
    this.appActions = (model.actions ?? []).map(({ name }) => name)
    this.#schema = schema
  }

  /** Rows with their cursors, by `filter`, `orderBy`, `first` and `after`; null where nobody lists them. */
  list(entity: Entity): ListDocument | null {
    const field = this.#schema.getQueryType()?.getFields()[rowsFieldName(entity)]
    if (field === undefined) return null
    const known = this.#once(`list ${entity.name}`, () => {
      const given = ['filter', 'orderBy', 'first', 'after'].flatMap(
        (name) => field.args.find((arg) => arg.name === name) ?? [],
      )
      const variables = given.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ')
      const passed = given.map(({ name }) => `${name}: $${name}`).join(', ')
      const text = `query (${variables}) { answer: ${field.name}(${passed}) { edges { cursor } nodes { ${this.#selection(entity)} } } }`
      return { document: parse(text), inputType: given[0]!.type, outputType: field.type }
    })!
    const typeOf = (name: string) => field.args.find((arg) => arg.name === name)!.type
    return { ...known, filterType: typeOf('filter'), orderType: typeOf('orderBy') }
  }

  /**
   * A mutation of a row, such as `createOrder`; null where the API has none.
   *
   * @param isBlind the caller reads no such rows: nothing but the key is answered
   */
  change(entity: Entity, verb: string, isBlind: boolean): RowDocument | null {
    return this.#once(`${verb} ${entity.name} ${isBlind}`, () => {
      const field = this.#schema.getMutationType()?.getFields()[mutationName(verb, entity)]
      return field === undefined ? null : this.#mutation(field, entity, isBlind)
    })
  }

  /** The mutation of an action of the app; null where it has none of that name. */
  appAction(name: string): RowDocument | null {
    if (!this.appActions.includes(name)) return null
    return this.#once(`app ${name}`, () =>
      this.#mutation(this.#schema.getMutationType()!.getFields()[name]!, null, false),
    )
  }

  #mutation(field: GraphQLField<unknown, unknown>, entity: Entity | null, isBlind: boolean): RowDocument {
    const { type: inputType } = field.args[0]!
    const payload = getNamedType(field.type) as GraphQLObjectType
    const fields = Object.values(payload.getFields())
    const parts = fields.flatMap(({ name, type }) => {
      if (name === 'query' || name === 'clientMutationId') return []
      if (entity !== null && name === rowFieldName(entity))
        return isBlind ? [] : [`${name} { ${this.#selection(entity)} }`]
      const inside = plainSelection(type) ?? this.#rowSelection(type)
      return inside === null ? [] : [`${name}${inside}`]
    })
    const text = `mutation ($input: ${String(inputType)}) { answer: ${field.name}(input: $input) { ${parts.join(' ')} } }`
    return { document: parse(text), inputType, outputType: field.type }
  }

  /** Of a row that an action answers; null for what is none. */
  #rowSelection(type: GraphQLOutputType): string | null {
    const entity = this.entities.get(getNamedType(type).name)
    return entity === undefined ? null : ` { ${this.#selection(entity)} }`
  }

  /** All that a row says of itself. */
  #selection(entity: Entity): string {
    const type = this.#schema.getType(entity.name)
    if (!isObjectType(type)) throw new Bug(`The API has no type "${entity.name}".`)
    const fields = type.getFields()
    return rowFieldNames(entity)
      .flatMap((name) => {
        const inside = fields[name] === undefined ? null : plainSelection(fields[name].type)
        return inside === null ? [] : [`${name}${inside}`]
      })
      .join(' ')
  }

  #once(key: string, write: () => RowDocument | null): RowDocument | null {
    let known = this.#known.get(key)
    if (known === undefined) {
      known = write()
      this.#known.set(key, known)
    }
    return known
  }
}

/** A list with the types of its arguments. */
export interface ListDocument extends RowDocument {
  readonly filterType: GraphQLInputType
  readonly orderType: GraphQLInputType
}

/** Names under which the API has what a row says of itself; not all of them need be there. */
export function rowFieldNames(entity: Entity): readonly string[] {
  return [
    ...shownFields(entity).map(({ name }) => name),
    ...toOnesOf(entity).flatMap((one) => [
      idFieldName(one),
      ...(one.position === null ? [] : [positionFieldName(one)]),
    ]),
    ...entity.computed.map(({ name }) => name),
    ...secretsOf(entity).map(({ name }) => isSetName(name)),
  ]
}

/** What is selected of a value: nothing more of a scalar, all of a value object; null for what leads to other rows. */
function plainSelection(type: GraphQLOutputType): string | null {
  const named = getNamedType(type)
  if (!isObjectType(named)) return 'getValues' in named || 'serialize' in named ? '' : null
  if (named.getInterfaces().length > 0 || named.name === 'Query') return null
  const parts = Object.values(named.getFields()).map(({ name, args, type: part }) => {
    const inside = args.length > 0 ? null : plainSelection(part)
    return inside === null ? null : `${name}${inside}`
  })
  return parts.includes(null) ? null : ` { ${parts.join(' ')} }`
}

/** `input` as the field of a mutation takes it: `{ order: values }` and its like. */
export function inputFieldsOf({ inputType }: RowDocument): readonly string[] {
  const named = getNamedType(inputType)
  return isInputObjectType(named) ? Object.keys(named.getFields()) : []
}

/** What an order by a field of the row may be called, `UNIT_PRICE_DESC`, or by one of a row that it goes with: `CUSTOMER__NAME_ASC`. */
export function orderWords(name: string): readonly string[] {
  const isDown = name.startsWith('-')
  const parts = (isDown ? name.slice(1) : name).split('.')
  const [first = '', ...rest] = parts
  const own = constantCase([first, ...rest.map(upperFirst)].join(''))
  const related = parts.length === 2 ? [parts.map(constantCase).join('__')] : []
  return [own, ...related].map((word) => `${word}_${isDown ? 'DESC' : 'ASC'}`)
}

function constantCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toUpperCase()
}
