import { buildCatalog, type Refreshed, refreshReports } from '#migrations'
import type { LoadedModel } from '#policies'
import { keptReport } from '#schema'
import { readSettings } from '#server'
import { loadApp } from '../app/load-app.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Session } from '../session.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open-database.ts'
import { requireTables } from './require-tables.ts'
import { withClient } from './with-client.ts'

/** What the command line says. */
interface WhatToRefresh {
  readonly reports: readonly string[]
  readonly tenant: string | null
}

/**
 * `rowhouse refresh <folder> [reports...]`: a line for each report of each tenant. What fails is told on standard error, and is exit code 1.
 *
 * @throws OperatorError DATABASE_UNMIGRATED, REPORT_REFRESH_UNKNOWN
 */
export async function runRefresh(folder: string, what: WhatToRefresh, session: Session): Promise<void> {
  const app = await loadApp(folder, session)
  const settings = await readSettings({ folder: app.folder, purpose: 'seed', environment: session.environment })
  const database = await openDatabase(app.model.app, settings, true)
  try {
    await requireTables(database, 'refresh')
    const { model } = app
    const options = { model, catalog: buildCatalog(model), names: database.names, ...what }
    const onRefreshed = (one: Refreshed): void => tell(one, session)
    const done = await withClient(database.migrateUrl, (client) => refreshReports(client, { ...options, onRefreshed }))
    if (done.length === 0) session.terminal.print('There is nothing to refresh.')
    if (done.some(({ fault }) => fault !== null)) session.exitCode = exitCodes.app
  } finally {
    await database.close()
  }
}

/** Fills reports that have no rows yet, or rows of another select; what fails is told and keeps nothing from going on. */
export async function fillReports(
  { model }: Pick<LoadedModel, 'model'>,
  { migrateUrl, names }: Pick<Database, 'migrateUrl' | 'names'>,
  session: Session,
): Promise<void> {
  if (!model.entities.some((entity) => keptReport(entity) !== null)) return
  const options = { model, catalog: buildCatalog(model), names, onlyMissing: true }
  const onRefreshed = (one: Refreshed): void => {
    // Empty ones are filled each time.
    if (one.rows !== 0) tell(one, session, session.terminal.say)
  }
  await withClient(migrateUrl, (client) => refreshReports(client, { ...options, onRefreshed }))
}

function tell({ report, tenant, rows, fault }: Refreshed, { terminal }: Session, say = terminal.print): void {
  if (fault === null) say(`Refreshed ${report} of ${tenant}: ${rows} ${rows === 1 ? 'row' : 'rows'}.`)
  else terminal.say(`${fault.code}  ${fault.message}\n  hint  ${fault.hint}`)
}
