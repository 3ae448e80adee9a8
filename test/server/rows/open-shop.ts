import { afterAll, beforeAll } from 'vitest'
import { roleSetName } from '#migrations'
import { defaultLimits } from '#server'
import { requestSettings } from '../../../server/auth/request-identity.ts'
import { noBodies } from '../../../server/bodies/load-bodies.ts'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import { hiddenEntities } from '../../../server/graphql/hidden-entities.ts'
import { callerContext } from '../../../server/http/caller-context.ts'
import { ConstraintFields } from '../../../server/http/constraint-fields.ts'
import { callerLimits } from '../../../server/http/limits/caller-limits.ts'
import { createMaskError } from '../../../server/http/mask-error.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import { type OpenRows, openRows } from '../../../server/rows/open-rows.ts'
import { acme, type Shop, sam, useShop } from '../shop.ts'

/** Who asks; Sam of Acme, sales, unless said otherwise. */
export interface RowsAsker {
  readonly tenant?: string
  readonly roles?: readonly string[]
}

/** A shop whose rows code works with. */
export interface OpenShop extends Shop {
  /** Runs work in one transaction; kept unless it throws. */
  during<T>(work: (rows: OpenRows) => Promise<T>, asker?: RowsAsker): Promise<T>
}

/** A shop for the test file that calls this at its top. */
export function useOpenShop(): () => OpenShop {
  const shop = useShop()
  let pool: RequestPool | undefined
  let open: OpenShop | undefined
  beforeAll(() => {
    const { model, database } = shop()
    pool = new RequestPool({ connectionString: database.loginUrl, max: 3 })
    const api = createGraphqlSchema(model)
    const tell = createMaskError(new ConstraintFields(model), () => undefined)
    const code = { api, maskError: tell, bodies: noBodies, codeTimeoutMs: 15_000 }
    const answering = { model, pool, secretKeys: null, limits: defaultLimits, ...code }
    const during: OpenShop['during'] = async (work, { tenant = acme, roles = ['sales'] } = {}) => {
      const identity = { actorId: sam, tenantId: tenant, roles, claims: { region: 'eu' } }
      const pgSettings = requestSettings(model, identity, roleSetName(model.app, roles))
      const caller = {
        roles,
        pgSettings,
        hidden: hiddenEntities(model, roles),
        trusted: null,
        limits: callerLimits(model, defaultLimits)(roles),
      }
      return await pool!.withPgClient(pgSettings, async (client) => {
        const context = { ...callerContext(caller, answering), transaction: {} }
        const rows = openRows(client, { api, model, context, tell })
        return await work(rows)
      })
    }
    open = { ...shop(), during }
  })
  afterAll(() => pool?.close())
  return () => open!
}
