import { type GraphQLField, type GraphQLInputType, getNamedType } from 'graphql'
import { lowerFirst, upperFirst } from '#base'
import type { Entity } from '#schema'
import type { Attempt, AttemptSource } from './attempt.ts'
import { hangingPatches, inputFields, type RowPlace, rowPlaces } from './row-places.ts'

/** A mutation, as its name and input tell. */
interface Mutation {
  readonly source: AttemptSource
  readonly verb: string
  readonly entity: Entity
  readonly isBatch: boolean
  /** Field of the input that holds the rows, or the row. */
  readonly rows: string
  /** Fields of the input. */
  readonly inputs: ReadonlyMap<string, GraphQLInputType>
  attempt(what: string, target: string, make: (id: string) => object): Attempt
}

/** Every place of every mutation where an id can stand. What is of a kind that is not known here is an error. */
export function mutationAttempts(source: AttemptSource): readonly Attempt[] {
  const all = Object.values(source.schema.getMutationType()!.getFields())
  return all.flatMap((field) => {
    if (takingNoRow.has(field.name)) return []
    const mutation = mutationOf(source, field)
    refuseNewInputs(field.name, mutation)
    return attemptsOf(mutation)
  })
}

function mutationOf(source: AttemptSource, field: GraphQLField<unknown, unknown>): Mutation {
  const input = getNamedType(field.args[0]!.type)
  const verbs = [...plainChanges, ...source.model.entities.flatMap(ownVerbs)].join('|')
  const [, verb = '', name = ''] = new RegExp(`^(${verbs})(\\w+)$`).exec(field.name) ?? []
  const single = source.model.entities.find((one) => one.name === name)
  const entity = single ?? source.model.entities.find(({ plural }) => upperFirst(plural) === name)
  if (entity === undefined || !(plainChanges.includes(verb) || ownVerbs(entity).includes(verb)))
    throw new Error(`There is a mutation of a new kind: ${field.name}.`)
  const isBatch = single === undefined
  const asked = actionOf(entity, verb) === undefined ? (isBatch ? 'ids' : 'id') : 'clientMutationId'
  const query = `mutation ($input: ${input.name}!) { ${field.name}(input: $input) { ${asked} } }`
  return {
    ...{ source, verb, entity, isBatch, rows: lowerFirst(isBatch ? entity.plural : entity.name) },
    inputs: new Map(inputFields(field.args[0]!.type).map((one) => [one.name, one.type])),
    attempt: (what, target, make) => ({
      name: `${field.name}(${what})`,
      target,
      query,
      variables: (id) => ({ input: make(id) }),
    }),
  }
}

const plainChanges: readonly string[] = ['create', 'update', 'delete', 'remove', 'restore', 'move', 'upsert']

/** Verbs of its own: transitions and actions. */
function ownVerbs({ lifecycle, actions }: Entity): readonly string[] {
  return [...(lifecycle?.transitions ?? []), ...actions].map(({ name }) => name)
}

function actionOf({ actions }: Entity, verb: string) {
  return actions.find(({ name }) => name === verb)
}

/** Scripts are told by name: test/tenant-scripts/attack.test.ts. Failed jobs are rows of no entity: test/attack/failed-jobs.test.ts. */
const takingNoRow: ReadonlySet<string> = new Set([
  ...['publishScript', 'recordScript', 'rollBackScript', 'withdrawScript'],
  ...['editFailedJob', 'replayFailedJob', 'replayFailedJobs', 'discardFailedJob', 'discardFailedJobs'],
])

const everywhere = ['clientMutationId', 'idempotencyKey']

function refuseNewInputs(name: string, { verb, entity, isBatch, rows, inputs }: Mutation): void {
  const known: Readonly<Record<string, readonly string[]>> = {
    create: [rows],
    upsert: ['by', rows],
    update: isBatch ? [rows] : ['id', 'patch', 'ifUpdatedAt'],
    move: ['id', 'to', 'before', 'after'],
  }
  const given = actionOf(entity, verb)?.input.map((field) => field.name) ?? []
  const note = plainChanges.includes(verb) ? [] : ['note']
  const rest = [...(isBatch ? ['ids'] : ['id', 'ifUpdatedAt']), ...note, ...given]
  const unknown = [...inputs.keys()].filter((one) => ![...everywhere, ...(known[verb] ?? rest)].includes(one))
  if (unknown.length > 0) throw new Error(`There are new inputs of ${name}: ${unknown.join(', ')}.`)
}

function attemptsOf(mutation: Mutation): readonly Attempt[] {
  switch (mutation.verb) {
    case 'create':
      return creating(mutation)
    case 'update':
      return updating(mutation)
    case 'upsert':
      return upserting(mutation)
    case 'move':
      return moving(mutation)
    default:
      return naming(mutation)
  }
}

function creating({ source, entity, isBatch, rows, inputs, attempt }: Mutation): readonly Attempt[] {
  const places = rowPlaces(source, entity, { type: inputs.get(rows)!, depth: 1 })
  const make = ({ put }: RowPlace, id: string) => put(source.makeRow(entity), id)
  if (!isBatch) return places.map((place) => attempt(place.path, place.target, (id) => ({ [rows]: make(place, id) })))
  return sampled(places).map((place, n) =>
    attempt(`${n % 2}.${place.path}`, place.target, (id) => ({
      // Half of them behind a row of which nothing is foreign.
      [rows]: [...(n % 2 === 0 ? [] : [source.makeRow(entity)]), make(place, id)],
    })),
  )
}

/** Of rows that are made inside of others those of every other place: behind them is the code of the single mutations. */
function sampled(places: readonly RowPlace[]): readonly RowPlace[] {
  const isInside = ({ path }: RowPlace) => path.includes('.create.')
  return [...places.filter((place) => !isInside(place)), ...places.filter(isInside).filter((_, n) => n % 2 === 0)]
}

const longAgo = '2020-01-01T00:00:00Z'

function updating(mutation: Mutation): readonly Attempt[] {
  const { source, entity, isBatch, rows, inputs, attempt } = mutation
  const change = isBatch ? new Map(inputFields(inputs.get(rows)!).map((one) => [one.name, one.type])) : inputs
  const type = change.get('patch')!
  const own = { id: source.ownId(entity.name), patch: source.patch(entity) }
  const input = (one: object, others: readonly object[] = []) => (isBatch ? { [rows]: [...others, one] } : one)
  const places = rowPlaces(source, entity, { type, depth: 1 })
  return [
    attempt('id', entity.name, (id) => input({ id, patch: source.patch(entity) })),
    ...(change.has('ifUpdatedAt')
      ? [attempt('id, read', entity.name, (id) => input({ id, patch: source.patch(entity), ifUpdatedAt: longAgo }))]
      : []),
    ...(isBatch
      ? [attempt('1.id', entity.name, (id) => input({ id, patch: source.patch(entity) }, [own]))]
      : hangingPatches(source, entity, type).map(({ path, make }) =>
          attempt(`id, ${path}`, entity.name, (id) => input({ id, patch: make() })),
        )),
    ...(isBatch ? sampled(places) : places).map(({ path, target, put }) =>
      attempt(`patch.${path}`, target, (id) => input({ id: own.id, patch: put({}, id) })),
    ),
  ]
}

/** By all that is unique and of which the row has the values. Rows inside of rows are refused whatever they are. */
function upserting({ source, entity, isBatch, rows, inputs, attempt }: Mutation): readonly Attempt[] {
  const places = rowPlaces(source, entity, { type: inputs.get(rows)!, depth: 0 }).filter(
    ({ path }) => !path.includes('.'),
  )
  const ways = entity.unique.flatMap(({ on, where }) => {
    const names = on.map((name) => (entity.relations.some((one) => one.name === name) ? `${name}Id` : name))
    const row = source.makeRow(entity)
    return where === null && names.every((name) => row[name] !== undefined || name.endsWith('Id')) ? [on] : []
  })
  return ways.flatMap((on) => {
    const by = on.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('_AND_')
    return places.map(({ path, target, put }) =>
      attempt(`${by}: ${path}`, target, (id) => {
        const row = put(source.makeRow(entity), id)
        return { by, [rows]: isBatch ? [source.makeRow(entity), row] : row }
      }),
    )
  })
}

function moving({ source, entity, attempt }: Mutation): readonly Attempt[] {
  const own = source.ownId(entity.name)
  return [
    attempt('id', entity.name, (id) => ({ id, to: 1 })),
    ...['before', 'after'].map((sibling) => attempt(sibling, entity.name, (id) => ({ id: own, [sibling]: id }))),
  ]
}

/** Mutations that take the row, and what an action is told. */
function naming({ source, entity, verb, isBatch, inputs, attempt }: Mutation): readonly Attempt[] {
  if (isBatch) {
    return [
      attempt('ids.0', entity.name, (id) => ({ ids: [id] })),
      attempt('ids.1', entity.name, (id) => ({ ids: [source.ownId(entity.name), id] })),
    ]
  }
  const input = (actionOf(entity, verb)?.input ?? []).filter(({ optional }) => !optional)
  const given = Object.fromEntries(input.map(({ name }) => [name, 'told']))
  return [
    attempt('id', entity.name, (id) => ({ id, ...given })),
    ...(inputs.has('ifUpdatedAt')
      ? [attempt('id, read', entity.name, (id: string) => ({ id, ...given, ifUpdatedAt: longAgo }))]
      : []),
  ]
}
