import { textFile } from '../load/named-texts.ts'
import type { Problems } from '../load/problems.ts'
import type { Model, Relation } from '../model/model.ts'
import type { Report } from '../model/read-only.ts'
import type { Options } from './options.ts'
import { reportFault } from './report-sql.ts'

/** Text of each file that a declaration names, by path in the app folder. */
export type Texts = ReadonlyMap<string, string>

/** Reads `sql: 'reports/sales-by-store.sql'`; null where the entity is no report. */
export function readReport(options: Options, { problems, texts }: { problems: Problems; texts: Texts }): Report | null {
  const file = options.raw('sql')
  const refresh = readRefresh(options, file !== undefined, problems)
  if (file === undefined) return null
  const path = [...options.path, 'sql']
  if (typeof file !== 'string' || !textFile.test(file)) {
    const hint = "Write a path inside of the app folder: sql: 'reports/sales-by-store.sql'."
    problems.report('OPTION_INVALID', { path }, '"sql" must be the path of a file that ends in ".sql".', { hint })
    return { kind: 'report', file: '', sql: '', refresh }
  }
  const text = texts.get(file)
  if (text === undefined) {
    const hint = 'Write the select of the report into it.'
    problems.report('REPORT_SQL_MISSING', { path }, `There is no file "${file}" in the app folder.`, { hint })
    return { kind: 'report', file, sql: '', refresh }
  }
  const fault = reportFault(text)
  if (fault !== null) {
    const before = text.slice(0, fault.at).split('\n')
    const [line, column] = [before.length, before.at(-1)!.length + 1]
    const at = { file, line, column, endLine: line, endColumn: column + 1 }
    problems.reportAt('REPORT_SQL_INVALID', at, fault.message, fault.hint)
  }
  return { kind: 'report', file, sql: text, refresh }
}

function readRefresh(options: Options, isReport: boolean, problems: Problems): Report['refresh'] {
  const given = options.raw('refresh')
  if (given === undefined) return null
  const path = [...options.path, 'refresh']
  if (!isReport) {
    const hint = 'Leave it out, or write the select that the rows come from: `sql`.'
    problems.report('OPTION_INVALID', { path, part: 'key' }, 'Only rows of a report are refreshed.', { hint })
    return null
  }
  if (given === 'onDemand') return given
  const hint =
    "Write refresh: 'onDemand', and run `rowhouse refresh` as often as it should be. Left out, each read computes the rows."
  problems.report('OPTION_INVALID', { path }, '"refresh" must be "onDemand".', { hint })
  return null
}

/** Nothing in Postgres keeps a row of a report from losing what it leads to. */
export function notReferring(relation: Relation): Relation {
  return relation.kind === 'one' ? { ...relation, onDelete: 'restrict', onRemove: 'keep' } : relation
}

/** The selects of a model, as the files that its declarations name. */
export function reportTexts({ entities }: Pick<Model, 'entities'>): Texts {
  return new Map(
    entities.flatMap(({ source }) => (source.kind === 'report' ? [[source.file, source.sql] as const] : [])),
  )
}
