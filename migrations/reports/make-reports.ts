import { ModelError, type Problem, quoteLiteral } from '#base'
import type { Catalog, View } from '../catalog/catalog.ts'
import type { Queryable } from '../read/read-rows.ts'
import type { RoleWords } from '../read/role-words.ts'
import { tableText } from '../render/render-table.ts'
import { isSelect, renderSelectUse, renderViews, selectsBegin } from '../render/render-view.ts'
import { replacePlaceholders } from '../roles/platform-roles.ts'
import { columnFaults } from './column-faults.ts'
import { readingFaults } from './reading-faults.ts'

/**
 * Makes the views of a catalog beside its tables, after it looked at each select of an author: that Postgres understands it, that it
 * reads and calls only what it may, and that it yields what the entity declares.
 *
 * @param client the migrator's, in a transaction that is rolled back
 * @throws ModelError with every problem, each with its place in the file of the select
 */
export async function makeReports(client: Queryable, catalog: Catalog, words: RoleWords): Promise<void> {
  const views = catalog.views ?? []
  const selects = views.filter(isSelect)
  if (selects.length > 0) {
    const problems = await trySelects(client, catalog, { selects, words })
    if (problems.length > 0) throw new ModelError(problems)
  }
  if (views.length > 0)
    await client.query(
      replacePlaceholders([...renderViews(views, catalog.tables), 'reset role;'].join('\n'), words.names),
    )
}

async function trySelects(
  client: Queryable,
  catalog: Catalog,
  { selects, words }: { readonly selects: readonly View[]; readonly words: RoleWords },
): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  await client.query('savepoint reports')
  const begin = [...renderSelectUse(catalog.tables), selectsBegin].join('\n')
  for (const view of selects) {
    await client.query(replacePlaceholders(begin, words.names))
    problems.push(...(await trySelect(client, view, catalog)))
    await client.query('rollback to savepoint reports')
  }
  await client.query('reset role')
  return problems
}

/** As it is written, so that places are those of the file. */
async function trySelect(client: Queryable, view: View, catalog: Catalog): Promise<readonly Problem[]> {
  const { sql: written } = view.report!
  const before = `create view ${tableText(view)} as (\n`
  try {
    await client.query(`${before}${written}\n)`)
  } catch (error) {
    return [sqlProblem(error as DatabaseError, view, before.length)]
  }
  const oid = `${quoteLiteral(tableText(view))}::regclass`
  return [...(await readingFaults(client, { view, oid, catalog })), ...(await columnFaults(client, { view, oid }))]
}

/** What Postgres says about a statement that it refuses. */
interface DatabaseError extends Error {
  /** From 1, in characters of the text that was sent. */
  readonly position?: string
  readonly hint?: string
  readonly code?: string
}

function sqlProblem(error: DatabaseError, view: View, skipped: number): Problem {
  const { file, sql: written } = view.report!
  const offset = Math.max(0, Number(error.position ?? 1) - 1 - skipped)
  // Postgres counts characters, JavaScript code units.
  const before = Array.from(written).slice(0, offset).join('').split('\n')
  const [line, column] = [before.length, before.at(-1)!.length + 1]
  return {
    // It asks for what the owner of selects has no right to.
    severity: 'error',
    code: error.code === '42501' ? 'REPORT_SQL_REFUSED' : 'REPORT_SQL_INVALID',
    message: `Postgres refuses the select of "${view.entity}": ${error.message}.`,
    at: { file, line, column, endLine: line, endColumn: column + 1 },
    hint:
      error.hint ??
      'Tables are those of schema `app`: entity `OrderLine` is `order_line`, its relation `product` is `product_id`.',
    related: null,
  }
}
