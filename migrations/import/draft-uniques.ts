import { type Finding, type FindingCode, finding } from './finding.ts'
import type { FoundIndex } from './found-database.ts'
import type { Refusals, Surveyed } from './survey.ts'

/** Columns that no two rows share, and what cannot be said of unique indexes and of others. */
export interface TableUniques {
  /** Columns without the tenant's, each list once. */
  readonly lists: readonly (readonly string[])[]
  readonly findings: readonly Finding[]
}

/** Reads the indexes of a table. Other than those of keys, uniques and to-one relations they stay unsaid. */
export function readUniques(table: Surveyed, links: ReadonlySet<string>, refused: Refusals): TableUniques {
  const findings: Finding[] = []
  const lists = table.table.indexes.flatMap((index) => {
    const at = `${table.at}.${index.name}`
    const report = (code: FindingCode, what: string, hint: string | null = null): void =>
      void findings.push(finding(code, at, what, hint))
    if (index.comment !== null && index.constraint === null) report('COMMENT', `comment on index: ${index.comment}`)
    if (index.isPrimary) return []
    const constraint = table.table.constraints.find(({ name }) => name === index.constraint)
    // Told as a constraint.
    if (constraint?.kind === 'x') return []
    const text = constraint?.definition ?? index.definition
    if (!index.isUnique) return isOfLink(index, table, links) ? [] : (report('INDEX', text) ?? [])
    const columns = saidColumns(index, table)
    const reason = refused.get(`unique:${at}`) ?? null
    if (columns === null || reason !== null) return report('UNIQUE', text, reason) ?? []
    const isWide = table.tenant !== null && !index.columns.includes(table.tenant.column)
    if (isWide) report('UNIQUE_ACROSS_TENANTS', text)
    const settings = constraint?.settings ?? []
    if (settings.length > 0) report('UNIQUE_SETTING', settings.join(', '))
    return [columns]
  })
  const distinct = lists.filter(
    (list, at) => lists.findIndex((other) => other.join('\0') === list.join('\0')) === at && !isKey(list, table),
  )
  return { lists: distinct, findings }
}

/** A plain index over the column of a relation, as every relation has one in tables of our own. */
function isOfLink(index: FoundIndex, { tenant }: Surveyed, links: ReadonlySet<string>): boolean {
  const own = index.columns.filter((name) => name !== tenant?.column)
  const isPlain =
    index.isValid && index.definition.replaceAll('"', '').endsWith(` USING btree (${index.columns.join(', ')})`)
  return isPlain && own.length === 1 && links.has(own[0] ?? '')
}

/** Columns of relations that no index begins with. */
export function unindexed({ table, tenant }: Surveyed, links: Iterable<string>): readonly string[] {
  const leading = table.indexes.flatMap(({ isValid, isPartial, columns }) => {
    const first = columns[0] === tenant?.column ? columns[1] : columns[0]
    return isValid && !isPartial && typeof first === 'string' ? [first] : []
  })
  return [...links].filter((column) => !leading.includes(column))
}

/** Plain columns that are fields, or null. */
function saidColumns(index: FoundIndex, { columns, tenant }: Surveyed): readonly string[] | null {
  if (!index.isValid || index.isPartial || index.nullsEqual) return null
  const own = index.columns.filter((name) => name === null || name !== tenant?.column)
  const names = own.flatMap((name) => {
    const found = columns.find(({ column, as }) => column.name === name && as === 'field')
    return found === undefined ? [] : [found.column.name]
  })
  return names.length === own.length && names.length > 0 ? names : null
}

/** A second index over the key says nothing new. */
function isKey(list: readonly string[], { key }: Surveyed): boolean {
  return list.length > 1 && list.join('\0') === key.join('\0')
}
