import type { Row } from '#policies'
import { columnBehind, columnFields, type Entity, type Model, toOnesOf } from '#schema'

/** What is given by its columns: links get `_id`, cents are whole numbers, bytes hexadecimal. */
export function columnsOf(given: Row, entity: Entity, model: Model): Readonly<Record<string, unknown>> {
  const entities = new Map(model.entities.map((each) => [each.name, each]))
  const parts = [...columnFields(entity), ...toOnesOf(entity)].filter(({ name }) => name in given)
  const values = parts.map(({ name, column }) => {
    const value = given[name]
    const type = columnBehind(entity, name, entities)?.type
    const isMinor = type?.kind === 'money' && type.minor && value !== null
    if (isMinor) return [column, Math.round(Number(value) * 10 ** type.scale)]
    const isBytes = type?.kind === 'base64' && typeof value === 'string'
    return [column, isBytes ? `\\x${Buffer.from(value, 'base64').toString('hex')}` : value]
  })
  return Object.fromEntries(values)
}
