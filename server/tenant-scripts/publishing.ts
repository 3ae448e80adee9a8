import { didYouMean, RequestError } from '#base'
import { heldRoles } from '#policies'
import type { Model } from '#schema'
import type { RequestClient } from '../postgres/with-pg-client.ts'

/** What knows the scripts of the app. */
export interface PublishableScripts {
  /** As models name them: `scripts/discount`. Only these can be published. */
  readonly names: readonly string[]
  /** Reads a source as those of the app are read. Throws a `RequestError` that says what is wrong, and where. */
  check(name: string, source: string): void | Promise<void>
}

/** Who publishes. */
export interface Publisher {
  readonly model: Model
  /** Null: a visitor. */
  readonly roles: readonly string[] | null
  readonly scripts: PublishableScripts | null
}

/** A version by which others find it. */
export interface VersionKey {
  readonly name: string
  readonly version: number
}

/** A version as it is told. */
export interface TenantScript extends VersionKey {
  readonly checksum: string
  readonly publishedAt: string
  readonly publishedBy: string | null
  readonly note: string | null
  readonly source: string
  readonly isActive: boolean
}

/** A recorded run as it is told. */
export interface ScriptRun {
  readonly id: string
  readonly name: string
  readonly version: number | null
  readonly checksum: string
  readonly ended: 'output' | 'raised' | 'failed'
  readonly ms: number
  readonly ranAt: string
  readonly ranBy: string | null
  readonly record: object
}

/** What is listed, the last first. */
export interface Listing {
  /** Null: of all scripts. */
  readonly name: string | null
  readonly first: number
}

/** Bytes of a source. Postgres takes no more either. */
const maxBytes = 65_536
const maxNote = 2_000

/**
 * Publishes a source, which runs from then on. Postgres decides who may; whoever may not is refused before the source is looked at.
 *
 * @throws RequestError FORBIDDEN, VALIDATION, CONFLICT
 */
export async function publishScript(
  client: RequestClient,
  by: Publisher,
  { name, source, note = null }: { readonly name: string; readonly source: string; readonly note?: string | null },
): Promise<VersionKey> {
  refuseOthers(by)
  const scripts = knowing(by, name)
  if (Buffer.byteLength(source) > maxBytes) throw tooLong('source', `${maxBytes} bytes`)
  if ((note ?? '').length > maxNote) throw tooLong('note', `${maxNote} characters`)
  if (source.includes('\0') || !source.isWellFormed())
    throw new RequestError('VALIDATION', '"source" is no text that Postgres can keep.', { fields: ['source'] })
  await scripts.check(name, source)
  const text = 'select rowhouse_private.publish_script($1, $2, $3) as one'
  const { rows } = await client.query<{ one: TenantScript | null }>({ text, values: [name, source, note] })
  const { one } = rows[0]!
  if (one === null) throw new RequestError('LIMIT', 'There are 1000 versions of this script, and no room for another.')
  return { name, version: one.version }
}

/**
 * Makes a version run that was published before; null: the app's own script.
 *
 * @throws RequestError FORBIDDEN, NOT_FOUND
 */
export async function chooseScript(
  client: RequestClient,
  by: Publisher,
  { name, version }: { readonly name: string; readonly version: number | null },
): Promise<void> {
  refuseOthers(by)
  const text = 'select rowhouse_private.choose_script($1, $2) as chosen'
  const { rows } = await client.query<{ chosen: boolean }>({ text, values: [name, version] })
  if (rows[0]?.chosen === true) return
  const what = version === null ? `script "${name}"` : `version ${version} of "${name}"`
  throw new RequestError('NOT_FOUND', `There is no ${what} that was published.`)
}

/**
 * Says whether runs of a script are recorded for the caller's tenant.
 *
 * @throws RequestError FORBIDDEN, VALIDATION
 */
export async function recordScript(
  client: RequestClient,
  by: Publisher,
  { name, isRecorded }: { readonly name: string; readonly isRecorded: boolean },
): Promise<void> {
  refuseOthers(by)
  knowing(by, name)
  await client.query({ text: 'select rowhouse_private.record_script($1, $2)', values: [name, isRecorded] })
}

/** Recorded runs of the caller's tenant, the last first. */
export async function scriptRuns(client: RequestClient, by: Publisher, { name, first }: Listing) {
  refuseOthers(by)
  const text = 'select rowhouse_private.script_runs($1, $2) as all'
  const { rows } = await client.query<{ all: readonly ScriptRun[] }>({ text, values: [name, first] })
  return rows[0]!.all
}

/** Versions of the caller's tenant, the last first. */
export async function tenantScripts(
  client: RequestClient,
  by: Publisher,
  { name, first }: Listing,
): Promise<readonly TenantScript[]> {
  refuseOthers(by)
  const text = 'select rowhouse_private.script_versions($1, $2) as all'
  const { rows } = await client.query<{ all: readonly TenantScript[] }>({ text, values: [name, first] })
  return rows[0]!.all
}

/** One version of the caller's tenant; null: there is none. */
export async function tenantScript(client: RequestClient, { name, version }: VersionKey): Promise<TenantScript | null> {
  const text = 'select rowhouse_private.script_version($1, $2) as one'
  const { rows } = await client.query<{ one: TenantScript | null }>({ text, values: [name, version] })
  return rows[0]?.one ?? null
}

function refuseOthers({ model, roles }: Publisher): void {
  const held = heldRoles(model, roles ?? [])
  const may = model.roles.some(({ name, publishesScripts }) => publishesScripts === true && held.has(name))
  if (!may) throw new RequestError('FORBIDDEN', 'No rule allows this.')
}

function knowing({ scripts }: Publisher, name: string): PublishableScripts {
  if (scripts?.names.includes(name) !== true) throw unknownName(name, scripts?.names ?? [])
  return scripts
}

function unknownName(name: string, names: readonly string[]): RequestError {
  const meant = name.length > 100 ? null : didYouMean(name, names)
  const hint = meant === null ? '' : ` Did you mean "${meant}"?`
  return new RequestError('VALIDATION', `The app has no script "${name.slice(0, 100)}".${hint}`, { fields: ['name'] })
}

function tooLong(field: string, most: string): RequestError {
  return new RequestError('VALIDATION', `"${field}" is longer than ${most}.`, { fields: [field] })
}
