import { type BrokenRule, type Drift, findBroken, findDrift } from '#migrations'
import type { LoadedModel } from '#policies'
import { storedOf } from '#schema'
import { readSettings } from '#server'
import { exitCodes } from '../exit-codes.ts'
import type { Session } from '../session.ts'
import { openDatabase } from './open-database.ts'
import { requireTables } from './require-tables.ts'
import { withClient } from './with-client.ts'

/**
 * `rowhouse check <folder> --drift [--repair]`: a line for each stored formula whose values in the database are not what it gives, with how
 * many rows, and for each rule that rows break, with the keys of the first. Exit code 1 where there are such; formulas can be repaired, rules cannot.
 *
 * @throws OperatorError DATABASE_UNMIGRATED
 */
export async function runDrift({ model, folder }: LoadedModel, repair: boolean, session: Session): Promise<void> {
  const formulas = model.entities.flatMap(storedOf).length
  if (formulas === 0) {
    session.terminal.print('No formula is stored: nothing can drift.')
    return
  }
  const settings = await readSettings({ folder, purpose: 'seed', environment: session.environment })
  const database = await openDatabase(model.app, settings, true)
  try {
    await requireTables(database, 'check')
    const { names } = database
    const { found, broken } = await withClient(database.migrateUrl, async (client) => ({
      found: await findDrift(client, { model, names, repair }),
      broken: await findBroken(client, { model, names }),
    }))
    for (const each of found) session.terminal.print(lineOf(each, repair))
    for (const each of broken) session.terminal.print(brokenLine(each))
    const kinds = `${formulas} stored ${formulas === 1 ? 'formula' : 'formulas'}`
    if (found.length === 0) session.terminal.print(`Every value of ${kinds} is what it follows from.`)
    if ((found.length > 0 && !repair) || broken.length > 0) session.exitCode = exitCodes.app
  } finally {
    await database.close()
  }
}

function lineOf({ entity, field, rows }: Drift, repair: boolean): string {
  return `${entity}.${field}: ${rows} ${rows === 1 ? 'row' : 'rows'} ${repair ? 'repaired' : rows === 1 ? 'differs from its formula' : 'differ from their formula'}`
}

/** `Order: 2 rows break "a sum fits": …` */
function brokenLine({ entity, title, rows, keys }: BrokenRule): string {
  const more = rows > keys.length ? `, and ${rows - keys.length} more` : ''
  return `${entity}: ${rows} ${rows === 1 ? 'row breaks' : 'rows break'} "${title}": ${keys.join(', ')}${more}`
}
