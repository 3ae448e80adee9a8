import type { Client } from 'pg'
import { formatSpan, modelWarnings, quoteIdentifier, sql } from '#base'
import { createExtension, neededExtensions, readRows } from '#migrations'
import type { LoadedModel } from '#policies'
import { type BootProblem, type VerifyOptions, verifyDatabase } from '#server'
import { unindexedPaths } from '../app/unindexed-paths.ts'
import { administrator, type Finding, failure, fine, warning } from './finding.ts'

/** Whether the tables of the app can be safely served. @param client as the server's login */
export async function examineFences(
  client: Client,
  options: VerifyOptions,
  place: { readonly database: string; readonly isMigrated: boolean; readonly provisioner: string | null },
): Promise<readonly Finding[]> {
  const { isMigrated } = place
  const problems = await verifyDatabase(client, options)
  const relevant = isMigrated ? problems : problems.filter(({ code }) => code === 'LOGIN_TOO_POWERFUL')
  const findings = relevant.map((problem) => problemFinding(problem, options.appFolder, place))
  if (!isMigrated) return [...findings, unmigrated(options.appFolder)]
  if (findings.length > 0) return findings
  return [fine('database', 'database', 'The database is what the last migration left, and every fence stands.')]
}

/** Nothing is wrong with a database that waits for its first migration. */
export function unmigrated(folder: string): Finding {
  return warning({
    area: 'database',
    subject: 'migrations',
    message: 'The database has not been migrated yet.',
    why: '`start` refuses it.',
    code: 'DATABASE_UNMIGRATED',
    fix: { commands: [`rowhouse migrate ${folder}`] },
  })
}

const consequences: Readonly<Partial<Record<BootProblem['code'], string>>> = {
  DATABASE_DRIFTED: 'Somebody changed by hand what rules and migrations count on; `start` refuses it.',
  DATABASE_UNMIGRATED: 'Database and app do not say the same; `start` refuses it.',
  FUNCTION_EXPOSED: 'Requests could do in somebody else’s name what no rule allows.',
  LOGIN_TOO_POWERFUL: 'The server would not be bound by the rules.',
  ROLE_TOO_POWERFUL: 'Requests would not be bound by the rules.',
  TABLE_UNPROTECTED: 'Requests read or write rows that no rule lets them.',
}

const subjects: Readonly<Partial<Record<BootProblem['code'], string>>> = {
  DATABASE_DRIFTED: 'drift',
  DATABASE_UNMIGRATED: 'migrations',
  FUNCTION_EXPOSED: 'functions',
  LOGIN_TOO_POWERFUL: 'login',
  ROLE_TOO_POWERFUL: 'roles',
  TABLE_UNPROTECTED: 'tables',
}

function problemFinding(
  { code, message, hint, fix: given }: BootProblem,
  folder: string,
  { database, provisioner }: { readonly database: string; readonly provisioner: string | null },
): Finding {
  // It holds the roles that it passes on, which is drift only while it may not make roles.
  const isProvisioner = provisioner !== null && message.startsWith(`role "${provisioner}" is a member of`)
  const fix = isProvisioner ? [`alter role ${quoteIdentifier(provisioner)} createrole;`] : given
  const isPending = code === 'DATABASE_UNMIGRATED'
  const commands = isPending ? [`rowhouse migrate ${folder}`] : fix.length > 0 ? [] : [hint]
  return failure({
    area: 'database',
    subject: subjects[code] ?? 'database',
    message,
    why: consequences[code] ?? '`start` refuses it.',
    code,
    fix: { as: administrator(database), sql: fix, commands },
  })
}

/** Extensions that the tables of the app need. */
export async function examineExtensions(
  client: Client,
  { catalog }: Pick<VerifyOptions, 'catalog'>,
  { database, isMigrated }: { readonly database: string; readonly isMigrated: boolean },
): Promise<readonly Finding[]> {
  const names = neededExtensions(catalog.tables)
  if (names.length === 0) return []
  const known = await readRows<{
    readonly name: string
    readonly installed: boolean
    readonly trusted: boolean
    readonly creator: boolean
  }>(
    client,
    sql`select a.name::text as name, a.installed_version is not null as installed,
          coalesce((select bool_or(v.trusted) from pg_available_extension_versions v where v.name = a.name), false) as trusted,
          has_database_privilege(current_user, current_database(), 'CREATE') as creator
        from pg_available_extensions a where a.name::text = any (${sql.value(names)})`,
  )
  return names.map((name) => {
    const one = known.find((each) => each.name === name)
    const base = {
      area: 'database',
      subject: 'extensions',
      code: 'EXTENSION_MISSING',
      why: 'Indexes and constraints of the model need it.',
    } as const
    if (one === undefined)
      return failure({
        ...base,
        message: `The server does not have the extension "${name}".`,
        fix: {
          commands: [
            'Install the contrib package of the server (postgresql-contrib), or take a provider that offers the extension.',
          ],
        },
      })
    const create = { as: administrator(database), sql: [createExtension(name)] }
    if (one.installed) return fine('database', 'extensions', `The extension "${name}" is there.`)
    if (isMigrated) return failure({ ...base, message: `The database lacks the extension "${name}".`, fix: create })
    if (one.trusted && one.creator)
      return fine('database', 'extensions', `The extension "${name}" is available; \`migrate\` adds it.`)
    return failure({ ...base, message: `The migrator may not add the extension "${name}".`, fix: create })
  })
}

const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'].map((name) => `numeric_${name}`).concat('numeric_cmp')

/** Whether rules find rows of adopted tables by indexes. */
export async function examinePaths(
  client: Client,
  app: Pick<LoadedModel, 'model' | 'locate'> | null,
  database: string,
): Promise<readonly Finding[]> {
  if (app === null) return []
  const found = await unindexedPaths(app, client)
  return found.map(({ problem: { message, at }, sql: make }) =>
    warning({
      area: 'database',
      subject: 'indexes',
      message: `${at === null ? '' : `${formatSpan(at)}: `}${message}`,
      why: modelWarnings.POLICY_PATH_UNINDEXED,
      code: 'POLICY_PATH_UNINDEXED',
      fix: { as: administrator(database), sql: [make], isOptional: true },
    }),
  )
}

/** Whether filters over numbers can use an index behind a policy. */
export async function examineLeakproof(
  client: Client,
  { catalog }: Pick<VerifyOptions, 'catalog'>,
  database: string,
): Promise<readonly Finding[]> {
  const columns = catalog.tables.flatMap((table) => table.columns).filter(({ type }) => type.startsWith('numeric'))
  if (columns.length === 0) return []
  const leaky = await readRows<{ readonly name: string }>(
    client,
    sql`select proname::text as name from pg_proc where pronamespace = 'pg_catalog'::regnamespace
          and proname::text = any (${sql.value(comparisons)}) and not proleakproof order by 1`,
  )
  if (leaky.length === 0)
    return [
      fine(
        'database',
        'leakproof',
        'Comparisons of `numeric` are leakproof: filters over money and decimals use indexes.',
      ),
    ]
  return [
    warning({
      area: 'database',
      subject: 'leakproof',
      message: 'Comparisons of `numeric` are not marked leakproof.',
      why: `A filter over one of the ${columns.length} money and decimal columns reads every row of the tenant; only a superuser can mark them.`,
      fix: {
        as: administrator(database),
        sql: leaky.map(({ name }) => `alter function pg_catalog.${quoteIdentifier(name)}(numeric, numeric) leakproof;`),
        isOptional: true,
      },
    }),
  ]
}
