import { realpathSync } from 'node:fs'
import { afterAll, beforeAll } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import { type AppRunner, type AppRunnerOptions, startAppRunner } from '../../server/jobs/app-runner.ts'
import { loadWork, type Work } from '../../server/jobs/load-work.ts'
import type { TestDatabase } from '../support/database.ts'
import { useDatabase } from '../support/database.ts'
import { type ServedApp, serveApp } from '../support/served-app.ts'

export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
export const ann = '00000000-0000-7000-8000-0000000000a1'

export const courierFolder = realpathSync(`${import.meta.dirname}/../fixtures/apps/courier`)

/** The app of `test/fixtures/apps/courier`, served, and whoever runs its jobs. */
export interface Courier extends ServedApp {
  readonly database: TestDatabase
  readonly work: Work
  /** Runs jobs until the test file ends. */
  start(options?: Partial<AppRunnerOptions>): Promise<AppRunner>
  /** As Ann of Acme, a clerk, unless said otherwise; expects no errors. */
  data(query: string, variables?: object, who?: object): Promise<Record<string, { readonly id: string }>>
  /** All rows of a table of every tenant, oldest first. */
  rows(table: string): Promise<readonly Record<string, unknown>[]>
  asKeeper(text: string): Promise<readonly Record<string, unknown>[]>
}

/** The courier for the test file that calls this at its top. */
export function useCourier(): () => Courier {
  const database = useDatabase()
  const runners: AppRunner[] = []
  let courier: Courier | undefined
  beforeAll(async () => {
    const { model: loaded } = await loadModel(courierFolder)
    const model = { ...loaded, app: database().names.prefix }
    await database().applyCatalog(buildCatalog(model))
    await database().ensureRoleSets([['clerk'], ['guest'], ['robot']])
    await database().asOwner((client) =>
      client.query(
        "insert into rowhouse.tenant (id, slug, name) values ($1, 'acme', 'Acme'), ($2, 'globex', 'Globex')",
        [acme, globex],
      ),
    )
    const work = await loadWork(model, courierFolder)
    const served = await serveApp(model, database(), { appFolder: courierFolder })
    courier = {
      ...served,
      ...{ database: database(), work },
      start: async (options = {}) => {
        const { loginUrl, names } = database()
        const runner = await startAppRunner({ model, work, names, databaseUrl: loginUrl, concurrency: 4, ...options })
        runners.push(runner)
        return runner
      },
      data: async (query, variables = {}, who = {}) => {
        const answer = await served.ask({ sub: ann, tenant: acme, roles: ['clerk'], ...who }, query, variables)
        if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors))
        return answer.data
      },
      rows: async (table) =>
        (await database().asOwner((client) => client.query(`select * from app.${table} order by id`))).rows,
      asKeeper: async (text) =>
        (await database().asRole(database().names.queueKeeper, (client) => client.query(text))).rows,
    }
  })
  afterAll(async () => {
    await Promise.all(runners.map((runner) => runner.close()))
    await courier?.close()
  })
  return () => courier!
}
