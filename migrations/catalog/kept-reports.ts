import { canonicalHash, fitIdentifier, type Sql, sql, toText } from '#base'
import { type ModelIndex, owner, privateRole } from '#policies'
import { type Entity, embeddableSql, keptReport, keptTable, keyColumnsOf, objectName, type Report } from '#schema'
import type { Column, DatabaseFunction, ReportSelect, Table } from './catalog.ts'
import { tenantKey } from './constraints.ts'
import { privateFunction } from './functions/private-function.ts'
import { raise } from './functions/raise.ts'
import { privatePolicy, tenantPolicy } from './policies.ts'

/** What a report that keeps its rows is made of. */
export interface KeptColumns {
  readonly entity: Entity
  readonly report: Report
  /** What the select yields, as callers see it. */
  readonly yielded: readonly Column[]
}

/** Reports that keep their rows. */
export function keptReports(index: ModelIndex): readonly Entity[] {
  return index.model.entities.filter((entity) => keptReport(entity) !== null)
}

/** Name of the select of a report, as a view. */
export function selectName(entity: Entity): string {
  return fitIdentifier(`report_${objectName(entity)}`)
}

/** Name of the function that computes the rows of a report anew. */
export function refreshName(entity: Entity): string {
  return fitIdentifier(`refresh_${objectName(entity)}`)
}

/** Tells one select from another: rows that are kept are those of one of them. */
export function madeOf({ sql: text, columns }: Pick<ReportSelect, 'sql' | 'columns'>): string {
  const yielded = columns.map(({ name, type }) => `${name} ${type}`).sort()
  return canonicalHash({ select: embeddableSql(text), yielded }).slice(0, 12)
}

/**
 * The rows of a report. Nobody but the function that computes them writes there, and callers look through the view around it alone.
 * What the select does not promise is not asked of them either: values may be missing, and numbers have the digits that they have.
 */
export function keptRows({ entity, yielded }: KeptColumns, index: ModelIndex): Table {
  const keys = keyNames(entity, index)
  const name = keptTable(entity)
  const key = sql`primary key (${names(['tenant_id', ...keys])})`
  const tenant: Column = {
    ...{ name: 'tenant_id', type: 'uuid', notNull: true, comment: null },
    default: 'rowhouse.tenant_id()',
  }
  return {
    schema: entity.schema,
    name,
    owner,
    comment: `Rows of ${entity.name}, as they were computed last.`,
    rowSecurity: true,
    forceRowSecurity: true,
    columns: [tenant, ...yielded.map((column) => keptColumn(column, keys))],
    constraints: [
      { name: fitIdentifier(`${name}_pkey`), kind: 'primary', definition: toText(key) },
      tenantKey({ ...entity, table: name }),
    ],
    indexes: [],
    policies: [
      privatePolicy,
      {
        ...{ name: 'shown', permissive: true, command: 'select', roles: [owner], using: 'true', check: null },
        comment: 'The view around them belongs to the owner and holds the rules.',
      },
      tenantPolicy('tenant_id'),
    ],
    triggers: [],
    grants: (['delete', 'insert', 'select', 'update'] as const).map((privilege) => ({
      to: privateRole,
      privilege,
      columns: null,
    })),
    entity: entity.name,
    computed: true,
  }
}

function keptColumn({ name, type }: Column, keys: readonly string[]): Column {
  return {
    name,
    type: type.replace(/^numeric\(.*\)$/, 'numeric'),
    notNull: keys.includes(name),
    default: null,
    comment: null,
  }
}

/**
 * `refresh_<table>()`: computes the rows of the tenant of the transaction, and writes what differs; how many rows there are. One
 * statement looks at the tables, so the rows are of one moment. Whoever comes second waits. For the owner and what works for it, never for a request.
 */
export function refreshFunction(kept: KeptColumns, index: ModelIndex): DatabaseFunction {
  const { entity } = kept
  const title = sql.literal(entity.name)
  const made = sql.literal(madeOf({ sql: kept.report.sql, columns: kept.yielded }))
  const noTenant = raise({
    ...{ state: '22023', message: 'There is no tenant to compute rows for.', facts: {} },
  })
  return privateFunction({
    name: refreshName(entity),
    returns: 'bigint',
    language: 'plpgsql',
    volatility: 'volatile',
    body: [
      'declare',
      '  begun timestamp with time zone;',
      '  counted bigint;',
      '  faulty text;',
      'begin',
      `  if rowhouse.tenant_id() is null then ${noTenant} end if;`,
      toText(
        sql`  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('rowhouse refresh ' || ${title} || ' ' || rowhouse.tenant_id()::text, 0));`,
      ),
      '  begun := pg_catalog.clock_timestamp();',
      `  ${toText(mergeSql(kept, index))};`,
      '  if faulty is not null then',
      "    raise exception using errcode = '23505', message = faulty;",
      '  end if;',
      toText(sql`  update rowhouse.refreshed set made_of = ${made}, refreshed_at = begun
    where tenant_id = rowhouse.tenant_id() and report = ${title};`),
      // Nobody else is here: of the report and the tenant there is one lock.
      '  if not found then',
      toText(sql`    insert into rowhouse.refreshed (tenant_id, report, made_of, refreshed_at)
      values (rowhouse.tenant_id(), ${title}, ${made}, begun);`),
      '  end if;',
      '  return counted;',
      'end',
    ].join('\n'),
    execute: [owner],
    comment: `Computes the rows of ${entity.name} anew for the tenant of the transaction; how many.`,
  })
}

/** Rows with a key that an earlier one has, or without one, are found in the same look at the tables, and refused behind it. */
function mergeSql({ entity, yielded }: KeptColumns, index: ModelIndex): Sql {
  const keys = keyNames(entity, index)
  const columns = yielded.map(({ name }) => name)
  const others = columns.filter((name) => !keys.includes(name))
  const rows = sql`${sql.identifier(entity.schema)}.${sql.identifier(keptTable(entity))}`
  const from = sql`rowhouse_private.${sql.identifier(selectName(entity))}`
  const isSame = all(keys.map((name) => sql`${of('f', name)} = ${of('k', name)}`))
  const hasKey = all(keys.map((name) => sql`${of('f', name)} is not null`))
  const shown = sql.join(
    keys.map((name) => sql`${sql.literal(name)}, ${of('f', name)}`),
    ', ',
  )
  const here = sql`k.tenant_id = rowhouse.tenant_id() and ${isSame}`
  const sound = sql`f."the copy" = 1 and ${hasKey}`
  return sql`with fresh as materialized (
    select ${each('f', columns)}, pg_catalog.row_number() over (partition by ${each('f', keys)}) as "the copy" from ${from} f
  ), gone as (
    delete from ${rows} k where k.tenant_id = rowhouse.tenant_id() and not exists (select from fresh f where ${isSame})
  )${changedSql(rows, others, sql`${here} and ${sound}`)}, added as (
    insert into ${rows} (tenant_id, ${names(columns)})
    select rowhouse.tenant_id(), ${each('f', columns)} from fresh f where ${sound} and not exists (select from ${rows} k where ${here})
  )
  select pg_catalog.count(*), pg_catalog.min(case
    when not (${hasKey}) then 'a row without a key: ' || pg_catalog.jsonb_build_object(${shown})::text
    when f."the copy" > 1 then 'two rows with one key: ' || pg_catalog.jsonb_build_object(${shown})::text
  end) into counted, faulty from fresh f`
}

/** Rows that are the same stay unwritten. `on conflict do update` is left alone: Postgres had holes there (decision 0034). */
function changedSql(rows: Sql, others: readonly string[], condition: Sql): Sql {
  if (others.length === 0) return sql.empty
  const set = others.map((name) => sql`${sql.identifier(name)} = ${of('f', name)}`)
  return sql`, changed as (
    update ${rows} k set ${sql.join(set, ', ')} from fresh f
    where ${condition} and row(${each('k', others)}) is distinct from row(${each('f', others)})
  )`
}

function keyNames(entity: Entity, index: ModelIndex): readonly string[] {
  return keyColumnsOf(entity, index.entities).map(({ column }) => column)
}

function of(row: string, name: string): Sql {
  return sql`${sql.raw(row)}.${sql.identifier(name)}`
}

function each(row: string, columns: readonly string[]): Sql {
  return sql.join(
    columns.map((name) => of(row, name)),
    ', ',
  )
}

function names(columns: readonly string[]): Sql {
  return sql.join(
    columns.map((name) => sql.identifier(name)),
    ', ',
  )
}

function all(tests: readonly Sql[]): Sql {
  return sql`(${sql.join(tests, ' and ')})`
}
