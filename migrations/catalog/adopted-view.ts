import { type Sql, sql } from '#base'
import { owner, type RowReference } from '#policies'
import { type AdoptedView, type Entity, tenantColumnOf } from '#schema'
import type { Column, RoleName, View } from './catalog.ts'

/** Stands for whoever owns a view that Rowhouse did not make: its database alone knows. */
const theirOwner: RoleName = ':THEIRS'

/** A view that was there before: nothing of it is made, and the owner of the fence around it may read it. */
export function adoptedView(entity: Entity, source: AdoptedView, columns: readonly Column[]): View {
  return {
    schema: source.schema,
    name: source.view,
    owner: theirOwner,
    comment: null,
    securityBarrier: false,
    definition: '',
    columns: [],
    grants: [{ to: owner, privilege: 'select', columns: null }],
    entity: entity.name,
    adopted: {
      columns: columns.map(({ name, type }) => ({ name, type })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    },
  }
}

/** The rules of the fence behind the tenant: a view of theirs knows nothing of the caller, so the rows are pinned here. */
export function pinnedBy(entity: Entity, row: RowReference, rules: Sql): Sql {
  const column = entity.source.kind === 'view' ? tenantColumnOf(entity) : null
  return column === null ? rules : sql`${row.column(column)} = (select rowhouse.tenant_id()) and (${rules})`
}
