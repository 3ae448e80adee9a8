import { didYouMean, type Problem, sql } from '#base'
import { type Queryable, readRows } from '../read/read-rows.ts'
import type { TriedView } from './reading-faults.ts'
import { topOf } from './top-of.ts'

interface Column {
  readonly name: string
  readonly type: string
}

/** Columns that the entity declares and the select does not yield, or yields as something else. Others are nobody's to read. */
export async function columnFaults(client: Queryable, { view, oid }: TriedView): Promise<readonly Problem[]> {
  const found = await readRows<Column>(
    client,
    sql`
    select attname::text as name, format_type(atttypid, atttypmod) as type from pg_attribute
    where attrelid = ${sql.raw(oid)} and attnum > 0 and not attisdropped order by attnum`,
  )
  const report = view.report!
  const problem = (message: string, hint: string): Problem => ({
    code: 'REPORT_COLUMN_DIFFERS',
    severity: 'error',
    message,
    at: topOf(report),
    hint,
    related: null,
  })
  return report.columns.flatMap(({ name, type }) => {
    const column = found.find((each) => each.name === name)
    if (column === undefined) {
      const yielded = found.map((each) => `"${each.name}"`).join(', ')
      const message = `"${view.entity}" wants a column "${name}" (${type}), and the select yields ${yielded}.`
      const close = didYouMean(
        name,
        found.map((each) => each.name),
      )
      return [problem(message, `${close === null ? '' : `Did you mean "${close}"? `}Write \`… as ${name}\`.`)]
    }
    if (fits(column.type, type)) return []
    const message = `Column "${name}" of "${view.entity}" is ${type}, and the select yields ${column.type}.`
    return [problem(message, `Cast it in the select: \`(…)::${type} as ${name}\`, or declare another field.`)]
  })
}

const wider: Readonly<Record<string, readonly string[]>> = {
  bigint: ['integer', 'smallint'],
  integer: ['smallint'],
  text: ['character varying'],
  'character varying': ['text'],
}

/** Limits are the entity's word; what is narrower fits. */
export function fits(found: string, wanted: string): boolean {
  const [from, to] = [found, wanted].map((type) => type.replaceAll(/\(.*?\)/g, ''))
  return from === to || (wider[to!] ?? []).includes(from!)
}
