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
    const isLeft = found.some(({ held }) => !repair || held > 0)
    if (isLeft || broken.length > 0) session.exitCode = exitCodes.app
  } finally {
    await database.close()
  }
}

/** `Order.total: 3 rows repaired, 1 left: with what it follows from it breaks a rule` */
function lineOf({ entity, field, rows, held }: Drift, repair: boolean): string {
  const count = (of: number) => `${of} ${of === 1 ? 'row' : 'rows'}`
  const of = `${entity}.${field}: `
  if (!repair) return `${of}${count(rows)} ${rows === 1 ? 'differs from its formula' : 'differ from their formula'}`
  const left = `left: the right value breaks a rule, so mend what it follows from, or the other side of the rule`
  return `${of}${count(rows - held)} repaired${held === 0 ? '' : `, ${held} ${left}`}`
}

/** `Order: 2 rows break "a sum fits": …` */
function brokenLine({ entity, title, rows, keys }: BrokenRule): string {
  const more = rows > keys.length ? `, and ${rows - keys.length} more` : ''
  return `${entity}: ${rows} ${rows === 1 ? 'row breaks' : 'rows break'} "${title}": ${keys.join(', ')}${more}`
}
