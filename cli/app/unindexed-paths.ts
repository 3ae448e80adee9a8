import { type Problem, quoteIdentifier } from '#base'
import { type Queryable, readLeadingColumns } from '#migrations'
import { type LoadedModel, unindexedColumns } from '#policies'
import { columnBehind, type Entity, tenantColumnOf } from '#schema'

/** A warning of the app that its database alone can tell, with what mends it. */
export interface UnindexedPath {
  readonly problem: Problem
  /** Makes the index, outside of a transaction. */
  readonly sql: string
}

/** Smaller tables are read as a whole in about a millisecond. */
const smallestBytes = 1024 * 1024

/** Rules that look rows of adopted tables up without an index. Reads the catalogs alone, and as any role. */
export async function unindexedPaths(
  { model, locate }: Pick<LoadedModel, 'model' | 'locate'>,
  client: Queryable,
): Promise<readonly UnindexedPath[]> {
  const adopted = model.entities.filter(({ source }) => source.kind === 'adopted')
  if (adopted.length === 0) return []
  const entities = new Map(model.entities.map((entity) => [entity.name, entity]))
  const tables = await readLeadingColumns(client, adopted)
  const columnOf = (entity: Entity, name: string) => columnBehind(entity, name, entities)?.column ?? name
  const isIndexed = (entity: Entity, name: string): boolean => {
    const table = tables.find((each) => each.schema === entity.schema && each.table === entity.table)
    if (entity.source.kind !== 'adopted' || table === undefined || table.bytes < smallestBytes) return true
    const column = columnOf(entity, name)
    return table.leads.some(([first, second]) => (first === tenantColumnOf(entity) ? second : first) === column)
  }
  return unindexedColumns(model, isIndexed).map(({ entity, name, path }) => {
    const columns = [tenantColumnOf(entity), columnOf(entity, name)].filter((column) => column !== null)
    const place = `${quoteIdentifier(entity.schema)}.${quoteIdentifier(entity.table)}`
    const make = `create index concurrently on ${place} (${columns.map(quoteIdentifier).join(', ')});`
    const message = `Rows are looked up by "${name}", which no index of the adopted table of "${entity.name}" leads with: every list reads every row of it.`
    const problem: Problem = {
      code: 'POLICY_PATH_UNINDEXED',
      severity: 'warning',
      message,
      at: locate(path, 'key'),
      hint: `Have its owner run: ${make}`,
      related: null,
    }
    return { problem, sql: make }
  })
}
