import { type Entity, toOnesOf, type Verification } from '#schema'
import { unindexedColumns } from './sought-columns.ts'

/**
 * Rules that look rows up by a column without an index. What adopted tables have is known to their database alone: `migrate` and `doctor`
 * look there.
 */
export function warnOfUnindexedPaths({ model, problems }: Verification): void {
  for (const { entity, name, path } of unindexedColumns(model, isIndexed)) {
    const message = `Rows are looked up by "${name}", which no index of "${entity.name}" leads with: every list reads every row of the tenant.`
    const hint = `Say \`indexes: [{ on: ['${name}'] }]\` in "${entity.name}".`
    problems.warn('POLICY_PATH_UNINDEXED', { path, part: 'key' }, message, { hint })
  }
}

/** Whether an index of what Rowhouse makes leads with the column: to-one relations have one each. */
export function isIndexed(entity: Entity, name: string): boolean {
  if (entity.source.kind !== 'table' || entity.key[0] === name) return true
  if (toOnesOf(entity).some((relation) => relation.name === name)) return true
  const leads = [
    ...entity.indexes.filter(({ where, using }) => where === null && (using === 'btree' || using === 'hash')),
    ...entity.unique.filter(({ where }) => where === null),
  ].map(({ on }) => on[0])
  return leads.some((lead) => (typeof lead === 'string' ? lead : lead?.name) === name)
}
