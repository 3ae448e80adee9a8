import type { Client } from 'pg'
import { type Catalog, loginBecomes, type PlatformRoles, resolveRole, roleWords } from '#migrations'
import type { Model } from '#schema'
import type { BootProblem } from './boot-problem.ts'
import { checkDefiners, type DefinerOwners } from './check-definers.ts'
import { checkFunctions, type KnownFunction } from './check-functions.ts'
import { checkLogin } from './check-login.ts'
import { checkMigrations } from './check-migrations.ts'
import { checkRequestRoles, type PolicyView } from './check-request-roles.ts'
import { checkRoleSets } from './check-role-sets.ts'
import { checkTables } from './check-tables.ts'
import { readOurRoles } from './our-roles.ts'
import { platformFunctions } from './platform-functions.ts'
import { readRequestRoles } from './request-roles.ts'

/** What the server is about to serve. */
export interface VerifyOptions {
  /** Absolute path of the app, for its committed migrations. */
  readonly appFolder: string
  readonly model: Model
  /** Lowered from the model. */
  readonly catalog: Catalog
  readonly names: PlatformRoles
}

/**
 * Every reason why the server must not serve requests on a database; none when it may. Reads alone.
 *
 * Looks twice, on purpose: at what the last migration left (any change by hand is drift), and, without trusting that record, at each
 * fence that requests depend on.
 *
 * @param client as the login of the server, not in a transaction
 */
export async function verifyDatabase(client: Client, options: VerifyOptions): Promise<readonly BootProblem[]> {
  const fences = await inEmptyPath(client, () => checkFences(client, options))
  const words = roleWords(options.names, options.catalog)
  const { appFolder, catalog } = options
  return [...fences, ...(await checkMigrations(client, { appFolder, catalog, words }))]
}

async function checkFences(client: Client, { model, catalog, names }: VerifyOptions): Promise<readonly BootProblem[]> {
  const login = await checkLogin(client, {
    groups: loginBecomes(names),
    setPrefix: `${names.prefix}_set_`,
    owner: names.owner,
  })
  // A superuser can become everybody; what everybody may do says nothing then.
  if (login.some((problem) => problem.message.endsWith('is a superuser.'))) return login
  const roles = await readRequestRoles(client)
  const ours = await readOurRoles(client, roles, { catalog, names })
  return [
    ...(await checkTables(client, { model, names, catalog }, roles)),
    ...login,
    ...(await checkRequestRoles(client, roles, {
      ...ours,
      owner: names.owner,
      policyViews: policyViews(catalog, names),
    })),
    ...(await checkRoleSets(client, model, names)),
    ...(await checkFunctions(client, [...platformFunctions(names), ...catalogFunctions(catalog, names)], {
      roles,
      ...ours,
    })),
    ...(await checkDefiners(client, definerOwners(catalog, names))),
  ]
}

function policyViews({ views = [] }: Catalog, names: PlatformRoles): readonly PolicyView[] {
  return views
    .filter(({ behindPolicies }) => behindPolicies === true)
    .map(({ name, owner, grants }) => ({
      name,
      owner: resolveRole(names, owner),
      readers: grants.map(({ to }) => resolveRole(names, to)),
    }))
}

function catalogFunctions(catalog: Catalog, names: PlatformRoles): readonly KnownFunction[] {
  return catalog.functions.map((one) => ({
    signature: signatureOf(one),
    execute: one.execute.map((role) => resolveRole(names, role)),
  }))
}

function definerOwners(catalog: Catalog, names: PlatformRoles): DefinerOwners {
  const definers = catalog.functions.filter(({ security }) => security === 'definer')
  return {
    usual: names.private,
    queue: names.queueKeeper,
    others: new Map(definers.map((one) => [signatureOf(one), resolveRole(names, one.owner)])),
  }
}

function signatureOf({ schema, name, identity }: Catalog['functions'][number]): string {
  return `${schema}.${name}(${identity})`
}

// With an empty path Postgres qualifies what it prints, so that texts can be compared.
async function inEmptyPath<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin transaction isolation level repeatable read, read only')
  try {
    await client.query("select set_config('search_path', '', true)")
    return await work()
  } finally {
    await client.query('rollback').catch(() => undefined)
  }
}
