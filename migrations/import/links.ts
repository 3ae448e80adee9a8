import { type Finding, type FindingCode, finding } from './finding.ts'
import type { FoundConstraint, FoundTarget } from './found-database.ts'
import type { Refusals, Surveyed, SurveyedColumn } from './survey.ts'

/** A foreign key that becomes a to-one relation. */
export interface Link {
  readonly from: Surveyed
  readonly to: Surveyed
  readonly constraint: FoundConstraint
  readonly column: SurveyedColumn
  readonly onDelete: 'restrict' | 'cascade' | 'setNull'
  /** No two rows lead to the same one. */
  readonly isUnique: boolean
  /** The column is part of the primary key. */
  readonly isKey: boolean
}

/** Foreign keys that become relations, and those that cannot. */
export interface Links {
  readonly links: readonly Link[]
  readonly findings: readonly Finding[]
}

/** Reads the foreign keys of the tables that become entities. */
export function readLinks(tables: readonly Surveyed[], refused: Refusals): Links {
  const findings: Finding[] = []
  const byName = new Map(tables.map((table) => [table.at, table]))
  const links = tables.flatMap((from) => {
    const taken = new Set<string>()
    const place = ({ columns }: FoundConstraint) => from.table.columns.findIndex(({ name }) => name === columns.at(-1))
    return from.table.constraints
      .filter(({ kind }) => kind === 'f')
      .toSorted((a, b) => place(a) - place(b))
      .flatMap((constraint) => {
        const link = readLink(from, constraint, byName, taken)
        const report = (code: FindingCode, what: string, hint: string | null = null) =>
          findings.push(finding(code, `${from.at}.${constraint.name}`, what, hint))
        if (typeof link === 'string') {
          report(link, constraint.definition)
          return []
        }
        const reason = refused.get(`link:${from.at}.${constraint.name}`)
        if (reason !== undefined) {
          report('FOREIGN_KEY_TARGET', constraint.definition, reason)
          return []
        }
        taken.add(link.column.column.name)
        const settings = settingsOf(constraint)
        if (settings.length > 0) report('FOREIGN_KEY_SETTING', settings.join(', '))
        return [link]
      })
  })
  return { links: withoutCircles(links, findings), findings }
}

function readLink(
  from: Surveyed,
  constraint: FoundConstraint,
  tables: ReadonlyMap<string, Surveyed>,
  taken: ReadonlySet<string>,
): Link | FindingCode {
  const target = constraint.target!
  const to = tables.get(`${target.schema}.${target.table}`)
  const columns = ownColumns(from, to ?? null, constraint.columns, target)
  if (columns === 'tenant') return 'FOREIGN_KEY_TENANT'
  if (columns === null || columns.length !== 1) return 'FOREIGN_KEY_COMPOSITE'
  const column = from.columns.find((each) => each.column.name === columns[0])
  if (to === undefined || column === undefined || !leadsToKey(to, target)) return 'FOREIGN_KEY_TARGET'
  if (to.key.length > 1) return 'FOREIGN_KEY_COMPOSITE'
  const key = to.columns.find((each) => each.column.name === to.key[0])!
  if (key.column.type !== column.column.type) return 'FOREIGN_KEY_TYPE'
  if (target.onDelete === 'd' || target.isPartial) return 'FOREIGN_KEY_ACTION'
  if (taken.has(column.column.name) || column.as !== 'field') return 'FOREIGN_KEY_SECOND'
  const onDelete = target.onDelete === 'c' ? 'cascade' : target.onDelete === 'n' ? 'setNull' : 'restrict'
  if (onDelete === 'setNull' && column.column.notNull) return 'FOREIGN_KEY_ACTION'
  const isKey = from.key.includes(column.column.name)
  return { from, to, constraint, column, onDelete, isUnique: isAlone(from, column), isKey }
}

/** Columns of a key without the tenant's, which leads it where the target's key begins with its own. */
function ownColumns(from: Surveyed, to: Surveyed | null, columns: readonly string[], target: FoundTarget) {
  if (from.tenant !== null && columns.length === 1 && columns[0] === from.tenant.column) return 'tenant' as const
  const leads = from.tenant !== null && to?.tenant?.inKey === true
  if (!leads) return columns
  const isLed = columns[0] === from.tenant?.column && target.columns[0] === to?.tenant?.column
  return isLed ? columns.slice(1) : null
}

function leadsToKey(to: Surveyed, { columns }: FoundTarget): boolean {
  const whole = to.tenant?.inKey === true ? [to.tenant.column, ...to.key] : to.key
  return columns.join('\0') === whole.join('\0')
}

/** A unique index, or the primary key, has this column alone. */
function isAlone({ table, tenant }: Surveyed, { column }: SurveyedColumn): boolean {
  return table.indexes.some((index) => {
    const own = index.columns.filter((name) => name === null || name !== tenant?.column)
    return index.isUnique && index.isValid && !index.isPartial && own.length === 1 && own[0] === column.name
  })
}

const updates: Readonly<Record<string, string>> = {
  c: 'on update cascade',
  n: 'on update set null',
  d: 'on update set default',
  r: 'on update restrict',
}

function settingsOf({ settings, target }: FoundConstraint): readonly string[] {
  const update = updates[target?.onUpdate ?? '']
  return [...settings, ...(update === undefined ? [] : [update])]
}

/** A key that leads back to itself, over any number of tables, identifies no first row. */
function withoutCircles(links: readonly Link[], findings: Finding[]): readonly Link[] {
  const kept: Link[] = []
  for (const link of links) {
    const isCircle = link.isKey && link.from.key.length === 1 && leadsBack(link, kept)
    if (isCircle)
      findings.push(
        finding('FOREIGN_KEY_TARGET', `${link.from.at}.${link.constraint.name}`, link.constraint.definition),
      )
    else kept.push(link)
  }
  return kept
}

function leadsBack(link: Link, links: readonly Link[]): boolean {
  const seen = new Set<Surveyed>()
  for (let at: Surveyed | undefined = link.to; at !== undefined && !seen.has(at); ) {
    if (at === link.from) return true
    seen.add(at)
    const [key]: readonly string[] = at.key
    const from: Surveyed = at
    at = links.find((each) => each.from === from && from.key.length === 1 && each.column.column.name === key)?.to
  }
  return false
}
