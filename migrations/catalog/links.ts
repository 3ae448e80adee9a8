import { type Sql, sql, toText } from '#base'
import {
  allowing,
  audienceRoles,
  bareRow,
  entityOf,
  idColumnOf,
  liveSql,
  type ModelIndex,
  type RolePlaceholder,
  rowsSql,
  type Scope,
  statementActor,
} from '#policies'
import { type Entity, type ToOne, toOnesOf } from '#schema'
import type { Policy } from './catalog.ts'

/** An end of a link. */
export interface LinkEnd {
  readonly relation: ToOne
  readonly entity: Entity
}

/** The ends of a link: the side whose rules decide, then the other. */
export function linkEndsOf(entity: Entity, index: ModelIndex): readonly [owner: LinkEnd, other: LinkEnd] {
  const [owner, other] = toOnesOf(entity).map((relation) => ({ relation, entity: entityOf(index, relation.to) }))
  return [owner!, other!]
}

/** Roles that read one of the ends, sorted; whoever may not read the other sees no link, or may not ask at all. */
export function linkReaders(entity: Entity, index: ModelIndex): readonly RolePlaceholder[] {
  const roles = linkEndsOf(entity, index).flatMap((end) => {
    const scope: Scope = { index, entity: end.entity, row: bareRow, actor: statementActor, related: 'set', depth: 0 }
    return allowing('read', scope).flatMap((rule) => audienceRoles(rule.audience))
  })
  return [...new Set(roles)].sort()
}

/**
 * A link is read where both ends are: plain sub-selects, in which Postgres applies the policies of the ends for the same
 * caller. They stand for each row, so that the planner may look the ends up one by one or all at once.
 */
export function linkPolicies(entity: Entity, index: ModelIndex): readonly Policy[] {
  const roles = linkReaders(entity, index)
  if (roles.length === 0) return []
  const ends = linkEndsOf(entity, index).map((end) => isReadable(entity, end, index))
  const using = sql.join([liveSql(entity, bareRow, index, 'set'), ...ends], ' and ')
  return [
    {
      name: 'link',
      permissive: true,
      command: 'select',
      roles,
      using: toText(using),
      check: null,
      comment: 'A link is seen where both of its ends are.',
    },
  ]
}

/** The table's own column is named with its table: the end has columns of the same names. */
function isReadable(entity: Entity, end: LinkEnd, index: ModelIndex): Sql {
  const key = sql.identifier(entity.table, end.relation.column)
  return sql`exists (select from ${rowsSql(end.entity, index)} t1 where t1.${sql.identifier(idColumnOf(end.entity, index).column)} = ${key})`
}
