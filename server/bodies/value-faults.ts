import { coerceInputValue, type GraphQLSchema, isInputObjectType } from 'graphql'
import { RequestError } from '#base'
import { inputName } from '../graphql/api-names.ts'
import type { WrittenEntity } from '../graphql/mutations/write-row.ts'
import { patchableFields, writableFields } from '../graphql/writable-fields.ts'
import { toApi } from '../rows/words.ts'
import { readStored, shownPath } from '../structures/read-stored.ts'

type Values = Readonly<Record<string, unknown>>
type Of = Pick<WrittenEntity, 'entity' | 'entities'>

/** What is wrong with a value of a row. */
export interface ValueFault {
  readonly field: string
  readonly message: string
}

/** Kinds whose parts are looked at when they are written. */
const unread: ReadonlySet<string> = new Set(['embed', 'period', 'secret'])

/** Fields whose values are beyond their limits. What only other rows can tell, such as a name that is taken, is told when the row is written. */
export function limitFaults(
  { entity, entities }: Of,
  values: Values,
  verb: 'create' | 'update',
): readonly ValueFault[] {
  const fields = (verb === 'create' ? writableFields : patchableFields)(entity, entities)
  return fields.flatMap(({ name, type }) => {
    const value = values[name]
    if (value === undefined || value === null || unread.has(type.kind)) return []
    const read = readStored(type, value)
    if (read.ok) return []
    return [{ field: name, message: `"${shownPath([name, ...read.at])}" ${read.fault}.` }]
  })
}

/**
 * Everything that is wrong with the values of a new row, as far as they tell by themselves.
 *
 * @throws RequestError FORBIDDEN where nobody makes such rows
 */
export function inputFaults(schema: GraphQLSchema, of: Of, values: object): readonly ValueFault[] {
  const type = schema.getType(inputName(of.entity))
  if (!isInputObjectType(type)) throw new RequestError('FORBIDDEN', 'No rule allows this.')
  const faults: ValueFault[] = []
  const read = coerceInputValue(toApi(type, values), type, (path, _, { message }) => {
    faults.push({ field: path.length === 0 ? missingIn(message) : path.join('.'), message })
  }) as Values | undefined
  return faults.length > 0 || read === undefined ? faults : limitFaults(of, read, 'create')
}

/** GraphQL names what is missing or unknown in words alone. */
function missingIn(message: string): string {
  return /^Field "(\w+)"/.exec(message)?.[1] ?? ''
}
