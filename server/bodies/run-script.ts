import { Bug, type Json, RequestError } from '#base'
import type { EntityMap, Model } from '#schema'
import type { CompiledScript, ScriptEnd } from '#scripts'
import type { RequestClient } from '../postgres/with-pg-client.ts'
import { runTenantScript } from '../tenant-scripts/run-tenant-script.ts'
import { reachOf } from '../tenant-scripts/script-reach.ts'
import type { BodyCall } from './body.ts'
import type { CodeContext } from './run-body.ts'
import { inputFaults } from './value-faults.ts'

/** A script, and what it is handed beside what every body is. */
export interface AskedScript {
  readonly script: CompiledScript
  readonly client: RequestClient
  readonly context: CodeContext
  readonly input: unknown
  readonly row: unknown
}

/**
 * Runs a script, or what the caller's tenant published in its place, with the rows of a body's call; its output.
 *
 * @throws RequestError what the script raised or threw (VALIDATION), what its host was refused, TIMEOUT, LIMIT
 */
export async function runScript(
  { db, actor, now, signal }: BodyCall,
  { script, client, context, ...given }: AskedScript,
): Promise<Json> {
  const { pool, reach, tenantScripts } = context.code
  if (pool === null) throw new Bug('There are no threads for scripts.')
  const { id, roles, tenant } = actor
  const call = {
    tenant,
    input: plain(given.input),
    row: plain(given.row),
    actor: { id, roles: [...roles] },
    now,
    signal,
    ...(reach.limits === undefined ? {} : { limits: reach.limits }),
    lane: context.transaction,
    host: { db, validate: (name: string, values: object) => faultsOf(context, name, values), ...reachOf(reach) },
  }
  const request = context.transaction
  const outcome = await runTenantScript({ pool, client, request, script, call, tenantScripts, reach })
  return outputOf(outcome)
}

/** What is wrong with the values of a new row. */
async function faultsOf({ code, rowhouseModel }: CodeContext, name: string, values: object) {
  const entities = entitiesOf(rowhouseModel)
  const entity = entities.get(name)
  if (entity === undefined) throw new RequestError('VALIDATION', `There is no entity "${name}".`)
  return inputFaults(code.api.schema, { entity, entities }, values)
}

function entitiesOf(model: Model): EntityMap {
  let known = entities.get(model)
  if (known === undefined) {
    known = new Map(model.entities.map((entity) => [entity.name, entity]))
    entities.set(model, known)
  }
  return known
}

const entities = new WeakMap<Model, EntityMap>()

function outputOf(end: ScriptEnd): Json {
  if ('output' in end) return end.output
  if ('raised' in end) {
    const { code, message, fields = [] } = end.raised
    throw new RequestError('VALIDATION', message, { rule: code, ...(fields.length === 0 ? {} : { fields }) })
  }
  const { failed, message, cause } = end
  if (cause instanceof RequestError) throw cause
  if (failed === 'timeout') throw new RequestError('TIMEOUT', 'A script took longer than it may.')
  if (failed === 'error') throw new RequestError('VALIDATION', message)
  if (failed === 'crash') throw new Bug(`A script ended with its thread: ${message}`)
  throw new RequestError('LIMIT', message)
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json
}
