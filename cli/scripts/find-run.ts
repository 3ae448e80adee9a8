import { readFile } from 'node:fs/promises'
import { OperatorError } from '#base'
import type { LoadedModel } from '#policies'
import type { RunRecord } from '#scripts'
import { readSettings } from '#server'
import { openDatabase } from '../database/open-database.ts'
import { requireTables } from '../database/require-tables.ts'
import { withClient } from '../database/with-client.ts'
import { asRole, readTenants } from '../policy/why/tenants.ts'
import type { Session } from '../session.ts'

/** A recorded run, and where known the source that a tenant had published. */
export interface FoundRun {
  readonly record: RunRecord
  /** Null: the app's, or nobody knows. */
  readonly source: string | null
}

/**
 * A recorded run, by its id or of a file.
 *
 * @throws OperatorError SCRIPT_RUN_UNKNOWN
 */
export async function findRun(app: LoadedModel, run: string, session: Session): Promise<FoundRun> {
  if (uuid.test(run)) return await inDatabase(app, run, session)
  const given: unknown = await readFile(run, 'utf8')
    .then(JSON.parse)
    .catch(() => null)
  const record = recordIn(given)
  if (record !== null) return { record, source: null }
  throw new OperatorError(
    'SCRIPT_RUN_UNKNOWN',
    `"${run}" is neither the id of a run nor a file that holds the record of one.`,
    'Write what "{ tenantScriptRuns { nodes { record } } }" answers, or one "record" of it, into a file.',
  )
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

async function inDatabase(app: LoadedModel, id: string, session: Session): Promise<FoundRun> {
  const settings = await readSettings({ folder: app.folder, purpose: 'seed', environment: session.environment })
  const database = await openDatabase(app.model.app, settings, true)
  try {
    await requireTables(database, 'replay')
    const { names } = database
    const found = await withClient(database.migrateUrl, async (client) => {
      await client.query('begin read only')
      for (const { id: tenant } of await readTenants(client, names)) {
        const rows = await asRole(client, { role: names.private, tenant }, async () => {
          return (await client.query<FoundRun>(runText, [id])).rows
        })
        if (rows[0] !== undefined) return rows[0]
      }
      return null
    })
    if (found !== null) return found
  } finally {
    await database.close()
  }
  const { scriptRunsDays: days } = settings.keep
  const kept = days === null ? '' : `, for ${days} days (scripts.keepRunsDays)`
  const hint = `A hundred runs of each script are kept${kept}, where "recordScript" was switched on before.`
  throw new OperatorError('SCRIPT_RUN_UNKNOWN', `No tenant of the database has a run "${id}".`, hint)
}

const runText = `
  select r.record, v.source from rowhouse.script_run r
  left join rowhouse.script_version v on v.tenant_id = r.tenant_id and v.name = r.name and v.version = r.version
  where r.id = $1`

/** Of a record itself, of whatever has one, or of the first of several. */
function recordIn(given: unknown): RunRecord | null {
  if (typeof given !== 'object' || given === null) return null
  if ('version' in given && 'script' in given && 'end' in given && 'answers' in given) return given as RunRecord
  const inner = Object.values(given).map(recordIn)
  return inner.find((each) => each !== null) ?? null
}
