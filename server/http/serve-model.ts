import { canonicalHash } from '#base'
import type { Model } from '#schema'
import type { ScriptPool } from '#scripts'
import type { Bodies } from '../bodies/load-bodies.ts'
import type { LimitSettings } from '../config/limits.ts'
import type { Messages } from '../config/messages.ts'
import type { ScriptSettings } from '../config/read-scripts.ts'
import { createGraphqlSchema, type GraphqlApi } from '../graphql/create-graphql-schema.ts'
import type { RequestPool } from '../postgres/pool.ts'
import type { SecretKeys } from '../secrets/secret-keys.ts'
import type { PublishableScripts } from '../tenant-scripts/publishing.ts'
import type { TenantScripts } from '../tenant-scripts/run-tenant-script.ts'
import { apiShape } from './api-shape.ts'
import { ConstraintFields } from './constraint-fields.ts'
import type { TrustedDocumentsPlan } from './documents/load-trusted-documents.ts'
import { type TrustedFor, trustedFor } from './documents/trusted-for.ts'
import { graphiqlPage, type Page } from './graphiql-page.ts'
import { createGraphqlHandler, type GraphqlHandler } from './graphql-handler.ts'
import { callerLimits, type LimitsOf } from './limits/caller-limits.ts'
import type { Log } from './log-event.ts'
import { createMaskError, type MaskError } from './mask-error.ts'
import { withWorkshop } from './workshop/with-workshop.ts'

/** A model with everything that answers for it. A request keeps to one from its beginning to its end. */
export interface ServedModel {
  readonly model: Model
  /** Identifies what {@link ServedModel.api} was made of. */
  readonly apiHash: string
  readonly api: GraphqlApi
  readonly graphql: GraphqlHandler
  readonly mask: MaskError
  readonly limitsOf: LimitsOf
  readonly trustedFor: TrustedFor
  /** GraphiQL, made when somebody opens it; null where it is not served. */
  readonly page: (() => Promise<Page>) | null
}

/** A model, and the code that its requests run. */
export interface ServedApp {
  readonly model: Model
  readonly bodies: Bodies
}

/** What is the same for every model that a server serves. */
export interface Serving {
  readonly log: Log
  readonly pool: RequestPool
  readonly secretKeys: SecretKeys | null
  readonly messages: Messages
  readonly limits: LimitSettings
  readonly codeTimeoutMs: number
  readonly scriptPool: ScriptPool
  readonly scriptSettings: ScriptSettings
  readonly tenantScripts: TenantScripts | null
  /** Null: there are none, and every document is executed. */
  readonly documents: TrustedDocumentsPlan | null
  /** Whether the schema is told, and names are suggested. */
  readonly introspection: boolean
  /** Scripts that tenants publish others for. */
  readonly scripts?: PublishableScripts | null
  /** `workshop`: with the menu of people and the banner of problems. */
  readonly page: 'plain' | 'workshop' | null
}

/**
 * Makes everything that answers for a model. Building the API blocks the event loop, so that of `before` is taken where it is the same.
 *
 * @param before what was served until now; null at the start
 */
export function serveModel({ model, bodies }: ServedApp, serving: Serving, before: ServedModel | null): ServedModel {
  const { log, limits, documents, page } = serving
  const shape = apiShape(model)
  const apiHash = canonicalHash(shape)
  const api = before?.apiHash === apiHash ? before.api : createGraphqlSchema(shape)
  const mask = createMaskError(new ConstraintFields(model), log, serving.introspection)
  const graphql = createGraphqlHandler({
    ...serving,
    api,
    model,
    bodies,
    maskError: mask,
    trustedDocuments: documents?.documents ?? null,
  })
  const limitsOf = callerLimits(model, limits)
  return {
    model,
    apiHash,
    api,
    graphql,
    mask,
    limitsOf,
    trustedFor: trustedFor(model, documents),
    page: page === null ? null : once(() => makePage(model, page)),
  }
}

function makePage(model: Model, kind: 'plain' | 'workshop'): Promise<Page> {
  return kind === 'plain' ? graphiqlPage(model) : graphiqlPage(model, withWorkshop(canonicalHash(model)))
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
