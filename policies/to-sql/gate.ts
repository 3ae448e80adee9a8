import { type Sql, sql } from '#base'
import { type Entity, tenantColumnOf } from '#schema'
import { idColumnOf, type ModelIndex } from './model-index.ts'
import { valueType } from './postgres-type.ts'
import { bareRow, type Gate } from './scope.ts'

/**
 * How a policy of an entity's table lets an answer that is the same for every row spare it the rows. As a plain filter Postgres asks it
 * of each row, even where it is false. Held against the tenant's column, which the tenant policy pins as well, it is
 * a one-time filter; as a range of keys it is a condition of an index, also beside others in an `or`.
 *
 * @param hasOthers another policy may show rows to the same caller: Postgres joins the two by `or`
 */
export function gateOf(entity: Entity, index: ModelIndex, hasOthers: boolean): Gate {
  const among = rangeGate(entity, index)
  const column = tenantColumnOf(entity)
  if (column === null || entity.tenancy === 'shared' || hasOthers) return { alone: among, among }
  const tenant = bareRow.column(column)
  return { alone: (answer) => sql`${tenant} = (select case when ${answer} then rowhouse.tenant_id() end)`, among }
}

const ends: Readonly<Record<string, readonly [least: string, most: string]>> = {
  uuid: ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
  integer: ['-2147483648', '2147483647'],
}

function rangeGate(entity: Entity, index: ModelIndex): Gate['among'] {
  const plain = (answer: Sql): Sql => answer
  if (entity.key.length !== 1) return plain
  const { column, type, columnType } = idColumnOf(entity, index)
  const range = columnType === null ? ends[valueType(type)] : undefined
  if (range === undefined) return plain
  const end = (answer: Sql, at: 0 | 1) =>
    sql`(select case when ${answer} then ${sql.literal(range[at])}::${sql.raw(valueType(type))} end)`
  return (answer) => sql`(${bareRow.column(column)} between ${end(answer, 0)} and ${end(answer, 1)})`
}
