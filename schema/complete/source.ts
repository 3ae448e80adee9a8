import { snakeCase } from '#base'
import type { Problems } from '../load/problems.ts'
import type { ModelPath, Source, Tenancy } from '../model/model.ts'
import { readSqlName } from './column.ts'
import { isPlainObject, type Options, readOptions } from './options.ts'
import { readReport, type Texts } from './report.ts'

/** Where the rows of an entity are, and whose they are. */
export interface Place {
  readonly source: Source
  readonly schema: string
  readonly table: string
  readonly tenancy: Tenancy
}

/** Reads `table`, `adopt`, `sql` and `tenant`. */
export function readPlace(name: string, options: Options, context: { problems: Problems; texts: Texts }): Place {
  const { problems } = context
  const written = options.raw('table')
  const adopt = options.raw('adopt')
  const tenant = options.raw('tenant')
  const report = readReport(options, context)
  if (adopt === undefined || report !== null) {
    const table = written === undefined ? null : readSqlName(written, [name, 'table'], problems)
    const own = { source: report ?? ({ kind: 'table' } as const), schema: 'app', table: table ?? snakeCase(name) }
    return { ...own, tenancy: readTenancy(tenant, [name, 'tenant'], problems) }
  }
  if (isPlainObject(adopt) && Object.hasOwn(adopt, 'view') && !Object.hasOwn(adopt, 'table')) {
    const table = written === undefined ? null : readSqlName(written, [name, 'table'], problems)
    return viewPlace(adopt, { tenant, name, table: table ?? snakeCase(name), problems })
  }
  if (written !== undefined) {
    const hint = "`adopt` names the table already: leave `table` out, or write adopt: 'public.customers'."
    problems.report('OPTION_INVALID', { path: [name, 'table'], part: 'key' }, 'A table is made or adopted, not both.', {
      hint,
    })
  }
  return adoptedPlace(adopt, tenant, name, problems)
}

/** `adopt: 'public.customers'`, or `{ table: 'public.customers', triggers: ['audit'] }`. */
function adoptedPlace(given: unknown, tenant: unknown, name: string, problems: Problems): Place {
  const path = [name, 'adopt']
  const options = isPlainObject(given) ? readOptions(given, path, problems) : null
  const table = readTable(options === null ? given : options.raw('table'), name, path, problems)
  const triggers = options === null ? [] : readTriggers(options.raw('triggers'), [...path, 'triggers'], problems)
  options?.done({ view: 'A table or a view is adopted, not both.' })
  const { tenancy, ...whose } = readAdoptedTenant(tenant, [name, 'tenant'], problems)
  return { source: { kind: 'adopted', ...whose, triggers }, ...table, tenancy }
}

interface ViewContext {
  readonly tenant: unknown
  readonly name: string
  /** Of the fence around the view. */
  readonly table: string
  readonly problems: Problems
}

/** `adopt: { view: 'reporting.sales_by_store' }`. */
function viewPlace(given: object, { tenant, name, table, problems }: ViewContext): Place {
  const path = [name, 'adopt']
  const options = readOptions(given, path, problems)
  const at = readTable(options.raw('view'), name, [...path, 'view'], problems)
  options.done({ triggers: 'Triggers belong to tables: nobody writes through the view.' })
  const { tenancy, tenantColumn } = readAdoptedTenant(tenant, [name, 'tenant'], problems, readViewTenant)
  return { source: { kind: 'view', schema: at.schema, view: at.table, tenantColumn }, schema: 'app', table, tenancy }
}

function readViewTenant(options: Options): void {
  const why = 'A view has no keys of its own.'
  options.done({ inKey: why, keys: why })
}

function readTable(given: unknown, name: string, path: ModelPath, problems: Problems) {
  const fallback = { schema: 'public', table: snakeCase(name) }
  const [schema, table, ...more] = typeof given === 'string' ? given.split('.') : []
  if (schema === undefined || table === undefined || more.length > 0) {
    const message =
      path.at(-1) === 'view'
        ? '"view" must be a view with its schema, such as \'public.sales_by_store\'.'
        : '"adopt" must be a table with its schema, such as \'public.customers\'.'
    problems.report('OPTION_INVALID', { path }, message)
    return fallback
  }
  if (ownSchemas.has(schema) || /^pg_|^information_schema$/.test(schema)) {
    const hint = 'Tables of schema "app" are made by Rowhouse: leave `adopt` out.'
    problems.report('NAME_RESERVED', { path }, `Nothing is adopted from schema "${schema}".`, { hint })
  }
  return {
    schema: readSqlName(schema, path, problems) ?? fallback.schema,
    table: readSqlName(table, path, problems) ?? fallback.table,
  }
}

const ownSchemas: ReadonlySet<string> = new Set([
  ...['app', 'rowhouse', 'rowhouse_private', 'graphile_migrate', 'graphile_worker'],
])

function readTriggers(given: unknown, path: ModelPath, problems: Problems): readonly string[] {
  if (given === undefined) return []
  if (Array.isArray(given) && given.every((each) => typeof each === 'string')) return [...given].sort()
  problems.report('OPTION_INVALID', { path }, '"triggers" must be a list of names.')
  return []
}

function readAdoptedTenant(
  given: unknown,
  path: ModelPath,
  problems: Problems,
  readView: ((options: Options) => void) | null = null,
) {
  if (given === false) return { tenancy: 'none' as const, tenantColumn: null, tenantInKey: false, globalKeys: false }
  if (isPlainObject(given)) {
    const options = readOptions(given, path, problems)
    const column = readSqlName(options.raw('column'), [...path, 'column'], problems)
    if (readView !== null) {
      readView(options)
      return { tenancy: 'own' as const, tenantColumn: column ?? 'tenant_id', tenantInKey: false, globalKeys: false }
    }
    const tenantInKey = options.flag('inKey')
    const globalKeys = options.oneOf('keys', ['global'] as const) === 'global'
    options.done()
    return { tenancy: 'own' as const, tenantColumn: column ?? 'tenant_id', tenantInKey, globalKeys }
  }
  const hint = "Write `tenant: { column: 'company_id' }`, or `tenant: false` where all tenants share the rows."
  const message = `An adopted ${readView === null ? 'table' : 'view'} says which of its columns holds the tenant.`
  problems.report(
    'ADOPTED_TENANT_MISSING',
    { path: path.slice(0, given === undefined ? 1 : 2), part: 'key' },
    message,
    {
      hint,
    },
  )
  return { tenancy: 'own' as const, tenantColumn: 'tenant_id', tenantInKey: false, globalKeys: false }
}

function readTenancy(given: unknown, path: ModelPath, problems: Problems): Tenancy {
  if (given === undefined) return 'own'
  if (given === false) return 'none'
  if (given === 'self' || given === 'shared') return given
  const hint = '`tenant: { column }` is for adopted tables.'
  problems.report('OPTION_INVALID', { path }, "\"tenant\" must be `false`, 'self' or 'shared', or be left out.", {
    hint,
  })
  return 'own'
}
