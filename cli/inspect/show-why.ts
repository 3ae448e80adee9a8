import { canonicalJson } from '#base'
import { type CatalogObject, objectsOf } from '#migrations'
import { plainLine } from './diagrams/plain-text.ts'
import { type Inspection, type InspectPart, unknownName } from './inspection.ts'
import { placesOf, postgresName, reasonLines } from './places.ts'

/** Why something is in the database, by its name there: `order_customer_fkey`, `order.customer_id`, `remove_order`. */
export const why: InspectPart = {
  formats: ['text', 'json'],
  show(names, format, inspection) {
    const { app, catalog, explain } = inspection
    const named = objectsOf(catalog).map((object) => ({ object, names: namesOf(object, inspection) }))
    if (names.length === 0)
      throw unknownName(
        '',
        named.map((each) => each.names[0]!),
        'object',
      )
    const found = names.flatMap((name) => {
      const same = named.filter((each) => each.names.includes(name))
      if (same.length === 0)
        throw unknownName(
          name,
          named.flatMap((each) => each.names),
          'object',
        )
      return same
    })
    if (format === 'json') {
      return canonicalJson(
        found.map(({ object, names: [name] }) => {
          const { sentences, paths } = explain(object)
          return { kind: object.kind, name, why: sentences, model: paths, places: placesOf(paths, app) }
        }),
      )
    }
    return found
      .map(({ object, names: [name] }) =>
        [`${object.kind} ${name}`, ...reasonLines(object, explain, app).map((line) => `  ${plainLine(line)}`), ''].join(
          '\n',
        ),
      )
      .join('\n')
  },
}

/** Its full name first; roles as they are called in Postgres; what has the name space of its table also without it. */
function namesOf(object: CatalogObject, { model }: Inspection): readonly string[] {
  const name = postgresName(object, model.app)
  if (object.kind === 'function') return [name, `${object.function.schema}.${name}`]
  if (object.kind === 'table') return [name, `${object.table.schema}.${name}`]
  if (object.kind === 'policy') return [name, object.policy.name]
  if (object.kind === 'column') return [name, object.column.name]
  if (object.kind === 'trigger') return [name, object.trigger.name]
  return [name]
}
