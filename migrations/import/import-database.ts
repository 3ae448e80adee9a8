import type { ClientBase } from 'pg'
import { Bug, OperatorError, sql } from '#base'
import { checkDeclarations, type RefusedPart } from '#policies'
import type { Model } from '#schema'
import { adoptionFaultsOf } from '../adopt/refuse-adoption.ts'
import { buildCatalog } from '../catalog/build-catalog.ts'
import { readRows } from '../read/read-rows.ts'
import { roleWords } from '../read/role-words.ts'
import { platformRoles } from '../roles/platform-roles.ts'
import { type DraftedApp, draftApp } from './draft-app.ts'
import { type Finding, finding } from './finding.ts'
import type { FoundDatabase } from './found-database.ts'
import { readDatabase } from './read-database.ts'
import type { ImportOptions } from './survey.ts'

/** Which database to import, and how. */
export interface ImportDatabaseOptions extends ImportOptions {
  /** Name of the new app. */
  readonly app: string
  /** Only these; empty: all but those of Postgres. */
  readonly schemas: readonly string[]
}

/** A model over the tables of a database, and everything that it does not say. */
export interface ImportedDatabase {
  readonly model: Model
  /** Sorted by code and object. */
  readonly findings: readonly Finding[]
}

/**
 * The model of a database that Rowhouse did not make. Reads its catalogs in one read-only snapshot; no row of it, and nothing
 * is written. What the generated catalog has otherwise than the database is found with the eyes of `rowhouse migrate`.
 *
 * @param client of any role that may connect, not in a transaction
 * @throws IMPORT_EMPTY when there is no table that an entity can stand for
 */
export async function importDatabase(client: ClientBase, options: ImportDatabaseOptions): Promise<ImportedDatabase> {
  const found = await readSnapshot(client, options.schemas)
  const { model, findings } = draftModel(found, options)
  const catalog = buildCatalog(model)
  const words = roleWords(platformRoles(options.app), catalog)
  const faults = await adoptionFaultsOf(client, catalog, words)
  return { model, findings: [...findings, ...faults.map(asFinding)].toSorted(byCode) }
}

async function readSnapshot(client: ClientBase, schemas: readonly string[]): Promise<FoundDatabase> {
  await client.query('begin transaction isolation level repeatable read, read only')
  try {
    // With an empty path Postgres qualifies every name that it prints.
    await readRows(client, sql`select set_config('search_path', '', true)`)
    return await readDatabase(client, schemas)
  } finally {
    await client.query('rollback').catch(() => undefined)
  }
}

/** Rounds of leaving out what the language refused; each leaves out at least one part more. */
const mostRounds = 60

function draftModel(found: FoundDatabase, options: ImportDatabaseOptions) {
  const refused = new Map<string, string>()
  for (let round = 0; round < mostRounds; round += 1) {
    const draft = draftApp(found, options, refused)
    if (draft.declarations.entities.length === 0) throw nothingFound(found, draft.findings, options)
    const checked = checkDeclarations(draft.declarations, options.app)
    const fresh = checked.refused.flatMap((part) => sourcesOf(part, draft))
    const news = fresh.filter(({ source }) => !refused.has(source))
    if (checked.refused.length === 0) return { model: checked.model, findings: draft.findings }
    const [first] = checked.refused
    if (news.length === 0)
      throw new Bug(`An import cannot do without what is refused: ${first!.code} ${first!.message}`)
    for (const { source, message } of news) refused.set(source, message)
  }
  throw new Bug(`An import came to no end in ${mostRounds} rounds.`)
}

function sourcesOf({ code, path, message }: RefusedPart, draft: DraftedApp) {
  const [entity, ...part] = path ?? []
  if (path === null || typeof entity !== 'string') throw new OperatorError(...appRefused(message))
  return draft.sourceOf({ entity, part, code }).map((source) => ({ source, message: `${code}: ${message}` }))
}

function appRefused(message: string) {
  const hint = 'Choose another name for the folder: small letters, digits and hyphens, at most 31 in all.'
  return ['IMPORT_FOLDER_INVALID', message, hint] as const
}

function nothingFound(
  { tables }: FoundDatabase,
  findings: readonly Finding[],
  { schemas }: ImportDatabaseOptions,
): OperatorError {
  const where = schemas.length === 0 ? 'The database' : `Schema ${schemas.map((name) => `"${name}"`).join(', ')}`
  if (tables.length === 0) {
    const hint = 'Check the name of the database in the address, the schemas, and whether this login may see them.'
    return new OperatorError('IMPORT_EMPTY', `${where} has no tables.`, hint)
  }
  const reasons = findings.slice(0, 10).map(({ code, object, what }) => `  ${code}  ${object}: ${what}`)
  const message = `${where} has no table that can become an entity:\n${reasons.join('\n')}`
  return new OperatorError('IMPORT_EMPTY', message, 'Change the tables as the lines say; nothing was written.')
}

/** `public.orders: has a policy "own" of its own; …` */
function asFinding(fault: string): Finding {
  const at = fault.indexOf(': ')
  return finding('ADOPTION', fault.slice(0, at), fault.slice(at + 2))
}

function byCode(a: Finding, b: Finding): number {
  const [left, right] = [`${a.code}\0${a.object}\0${a.what}`, `${b.code}\0${b.object}\0${b.what}`]
  return left < right ? -1 : left > right ? 1 : 0
}
