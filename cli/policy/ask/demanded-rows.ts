import type { ClientBase } from 'pg'
import { sql } from '#base'
import { indexModel, type Row, type Sought, type World } from '#policies'
import { columnField, type Entity, isReadOnly, type Model, toOnesOf } from '#schema'
import { readNow, readRows } from './read-world.ts'

/** What was found out, with how many rows were read for it; null where it would take more than the bound. */
export interface Demanded<T> {
  readonly result: T | null
  readonly rows: number
}

/**
 * Runs the evaluator over rows of the database, reading no others than those it looks for: it is run again and again, each time with the
 * rows that it missed. The transaction must be that of `:PRIVATE`.
 *
 * @param bound rows to read at most
 */
export async function withDemandedRows<T>(
  client: ClientBase,
  { model, bound }: { readonly model: Model; readonly bound: number },
  run: (world: World) => T,
): Promise<Demanded<T>> {
  const index = indexModel(model)
  const now = await readNow(client)
  const found = new Map<string, Map<string, Row>>()
  const asked = new Set<string>()
  let count = 0
  for (;;) {
    const missing = new Map<string, Sought>()
    const seek = (sought: Sought): void => {
      const name = JSON.stringify([sought.entity, sought.by, sought.by === null ? '' : sought.value])
      if (!asked.has(name)) missing.set(name, sought)
    }
    const rows = Object.fromEntries([...found].map(([name, each]) => [name, [...each.values()]]))
    const result = run({ index, now, rows, seek })
    if (missing.size === 0) return { result, rows: count }
    for (const name of missing.keys()) asked.add(name)
    for (const group of grouped([...missing.values()])) {
      const entity = index.entities.get(group.entity)
      if (entity === undefined || isReadOnly(entity)) continue
      const known = found.get(entity.name) ?? new Map<string, Row>()
      found.set(entity.name, known)
      for (const row of await soughtRows(client, entity, { ...group, limit: bound - count + 1 })) {
        const key = JSON.stringify([...entity.key.map((each) => row[each]), row.$tenant ?? null])
        if (!known.has(key)) count += 1
        known.set(key, row)
      }
      if (count > bound) return { result: null, rows: count }
    }
  }
}

interface SoughtGroup {
  readonly entity: string
  readonly by: string | null
  readonly values: readonly string[]
}

function grouped(all: readonly Sought[]): readonly SoughtGroup[] {
  const groups = Map.groupBy(all, ({ entity, by }) => JSON.stringify([entity, by]))
  return [...groups.values()].map((each) => ({
    entity: each[0]!.entity,
    by: each[0]!.by,
    values: each.map(({ value }) => value),
  }))
}

/** Rows that hold one of the values; none where what was given is no such value. */
export async function soughtRows(
  client: ClientBase,
  entity: Entity,
  { by, values, limit }: Omit<SoughtGroup, 'entity'> & { readonly limit: number },
): Promise<readonly Row[]> {
  if (by === null) return readRows(client, entity, { where: sql`true`, values: [], limit })
  const column = (columnField(entity, by) ?? toOnesOf(entity).find(({ name }) => name === by))?.column
  if (column === undefined) return []
  const where = sql`${sql.identifier(column)} = any(${sql.raw('$1')})`
  await client.query('savepoint seeking')
  try {
    const rows = await readRows(client, entity, { where, values: [values], limit })
    await client.query('release savepoint seeking')
    return rows
  } catch (error) {
    await client.query('rollback to savepoint seeking')
    if (String((error as { readonly code?: string }).code).startsWith('22')) return []
    throw error
  }
}
