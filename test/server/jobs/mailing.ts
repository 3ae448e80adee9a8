import { realpathSync } from 'node:fs'
import { afterAll, beforeAll } from 'vitest'
import { buildCatalog, roleSetName } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { requestSettings } from '../../../server/auth/request-identity.ts'
import { type AppRunner, type AppRunnerOptions, startAppRunner } from '../../../server/jobs/app-runner.ts'
import { loadWork, type Work } from '../../../server/jobs/load-work.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import type { RequestClient } from '../../../server/postgres/with-pg-client.ts'
import { type TestDatabase, useDatabase } from '../../support/database.ts'

export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
export const sam = '00000000-0000-7000-8000-0000000000a1'

export const mailingFolder = realpathSync(`${import.meta.dirname}/../../fixtures/apps/mailing`)

/** Who asks: Sam of Acme, a clerk, unless said otherwise. */
export interface MailingAsker {
  readonly tenant?: string
  readonly roles?: readonly string[]
}

/** The mailing app on a database of its own. */
export interface Mailing {
  readonly database: TestDatabase
  readonly model: Model
  readonly work: Work
  /** Works in one transaction of a request, kept unless it throws. */
  during<T>(run: (client: RequestClient) => Promise<T>, asker?: MailingAsker): Promise<T>
  /** Runs jobs until the test file ends. */
  start(options?: Partial<AppRunnerOptions>): Promise<AppRunner>
  /** Subjects and bodies of the letters of a tenant. */
  letters(tenant?: string): Promise<readonly { readonly subject: string; readonly body: string }[]>
  asKeeper(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
}

/** The mailing app for the test file that calls this at its top. */
export function useMailing(): () => Mailing {
  const database = useDatabase()
  let mailing: Mailing | undefined
  let pool: RequestPool | undefined
  const open: AppRunner[] = []
  beforeAll(async () => {
    const { model: loaded } = await loadModel(mailingFolder)
    const model = { ...loaded, app: database().names.prefix }
    await database().applyCatalog(buildCatalog(model))
    await database().ensureRoleSets([['clerk'], ['reader'], ['robot'], ['manager'], ['manager', 'robot'], ['head']])
    await database().asOwner((client) =>
      client.query(
        "insert into rowhouse.tenant (id, slug, name) values ($1, 'acme', 'Acme'), ($2, 'globex', 'Globex')",
        [acme, globex],
      ),
    )
    const work = await loadWork(model, mailingFolder)
    pool = new RequestPool({ connectionString: database().loginUrl, max: 3 })
    mailing = {
      ...{ database: database(), model, work },
      during: (run, { tenant = acme, roles = ['clerk'] } = {}) => {
        const identity = { actorId: sam, tenantId: tenant, roles, claims: {} }
        return pool!.withPgClient(requestSettings(model, identity, roleSetName(model.app, roles)), run)
      },
      start: async (options = {}) => {
        const { loginUrl, names } = database()
        const runner = await startAppRunner({ model, work, names, databaseUrl: loginUrl, concurrency: 4, ...options })
        open.push(runner)
        return runner
      },
      letters: async (tenant = acme) => {
        const text = 'select subject, body from app.letter where tenant_id = $1 order by id'
        return (await database().asOwner((client) => client.query(text, [tenant]))).rows
      },
      asKeeper: async (text, values = []) => {
        const asked = database().asRole(database().names.queueKeeper, (client) => client.query(text, [...values]))
        return (await asked).rows
      },
    }
  })
  afterAll(async () => {
    await Promise.all(open.map((runner) => runner.close()))
    await pool?.close()
  })
  return () => mailing!
}
