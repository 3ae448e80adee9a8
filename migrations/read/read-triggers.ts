import { sql } from '#base'
import type { Trigger } from '../catalog/catalog.ts'
import { type Queryable, readRows } from './read-rows.ts'
import type { RoleWords } from './role-words.ts'
import { isWithin, type TableScope } from './table-scope.ts'

/** Triggers of the tables of some schemas. That one is disabled is told by the extras. */
export async function readTriggers(client: Queryable, schemas: TableScope, words: RoleWords) {
  const rows = await readRows<{ readonly table: string; readonly name: string; readonly definition: string }>(
    client,
    sql`
    select t.tgrelid::text as table, t.tgname as name, pg_get_triggerdef(t.oid) as definition
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid and c.relkind in ('r', 'p')
    join pg_namespace n on n.oid = c.relnamespace and ${isWithin(schemas)}
    where not t.tgisinternal
    order by t.tgname`,
  )
  return rows.map((row) => ({
    table: row.table,
    trigger: { name: row.name, definition: words.text(behindTheName(row.definition)) } satisfies Trigger,
  }))
}

function behindTheName(definition: string): string {
  return definition.replace(/^CREATE (CONSTRAINT )?TRIGGER ("(?:[^"]|"")+"|\S+) /, (_, constraint) => constraint ?? '')
}
