import { sql } from '#base'
import type { Table } from '../catalog/catalog.ts'
import { type Queryable, readRows } from '../read/read-rows.ts'

/** What is known of a relation that the model adopts, beside its shape. */
export interface AdoptionFacts {
  readonly schema: string
  readonly name: string
  /** Letter of `pg_class`. */
  readonly kind: string
  readonly owner: string
  /** The migrator may act as its owner. */
  readonly is_ours: boolean
  /** The migrator may let roles use and create in its schema. */
  readonly may_open_schema: boolean
  readonly is_partition: boolean
  readonly has_family: boolean
  readonly is_permanent: boolean
  readonly policies: readonly string[]
  readonly triggers: readonly string[]
  readonly rules: readonly string[]
  /** `"public" may select` */
  readonly rights: readonly string[]
  /** Views of its rows, or of such views, that somebody beside their owner may read. */
  readonly views: readonly string[]
  readonly columns: readonly ColumnFact[]
  /** Columns of each unique key or plain unique index. */
  readonly unique: readonly (readonly string[])[]
}

/** A column as a new row meets it. */
export interface ColumnFact {
  readonly name: string
  readonly required: boolean
  /** Has a default, counts by itself, or is computed. */
  readonly provided: boolean
}

/** Facts about the relations of these names that exist, whatever they are. */
export async function readAdoptionFacts(
  client: Queryable,
  tables: readonly Table[],
): Promise<readonly AdoptionFacts[]> {
  const wanted = sql.value(JSON.stringify(tables.map(({ schema, name }) => [schema, name])))
  return await readRows<AdoptionFacts>(
    client,
    sql`
    select n.nspname as schema, c.relname as name, c.relkind::text as kind, pg_get_userbyid(c.relowner)::text as owner,
      pg_has_role(c.relowner, 'MEMBER') as is_ours,
      pg_has_role(n.nspowner, 'MEMBER') or has_schema_privilege(n.oid, 'CREATE WITH GRANT OPTION') as may_open_schema,
      c.relispartition as is_partition, c.relpersistence = 'p' as is_permanent,
      exists (select from pg_inherits i where c.oid in (i.inhrelid, i.inhparent)) or c.reloftype <> 0 as has_family,
      array(select polname::text from pg_policy where polrelid = c.oid order by 1) as policies,
      array(select tgname::text from pg_trigger where tgrelid = c.oid and not tgisinternal order by 1) as triggers,
      array(select rulename::text from pg_rewrite where ev_class = c.oid and c.relkind in ('r', 'p') order by 1) as rules,
      ${rights} as rights,
      ${views} as views,
      ${columns} as columns,
      ${uniqueKeys} as unique
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join jsonb_array_elements(${wanted}::jsonb) wanted on wanted ->> 0 = n.nspname and wanted ->> 1 = c.relname
    where c.relkind in ('r', 'p', 'v', 'm', 'f')`,
  )
}

/** What others than the owner may do, of relation `c`, by column too. */
const rights = sql`array(
  select distinct '"' || coalesce(r.rolname, 'public') || '" may ' || lower(e.privilege)
  from (
    select x.grantee, x.privilege_type as privilege from aclexplode(c.relacl) x
    union all
    select x.grantee, x.privilege_type || ' "' || a.attname || '"'
    from pg_attribute a, aclexplode(a.attacl) x where a.attrelid = c.oid and not a.attisdropped
  ) e left join pg_roles r on r.oid = e.grantee
  where e.grantee <> c.relowner order by 1
)`

/** Views over relation `c`, and over such views, that read with the rights of their owner for somebody else. */
const views = sql`array(
  with recursive shown (oid) as (
    select c.oid
    union
    select w.ev_class from shown
    join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = shown.oid and d.classid = 'pg_rewrite'::regclass
    join pg_rewrite w on w.oid = d.objid
  )
  select v.oid::regclass::text
  from shown join pg_class v on v.oid = shown.oid and v.relkind in ('v', 'm') and v.oid <> c.oid
  where not coalesce((
      select option_value::boolean from pg_options_to_table(v.reloptions) where option_name = 'security_invoker'
    ), false)
    and exists (
      select from aclexplode(v.relacl) x where x.grantee <> v.relowner
      union all
      select from pg_attribute a, aclexplode(a.attacl) x where a.attrelid = v.oid and x.grantee <> v.relowner
    )
  order by 1
)`

const columns = sql`(
  select coalesce(json_agg(json_build_object('name', a.attname, 'required', a.attnotnull,
    'provided', a.atthasdef or a.attidentity <> '' or a.attgenerated <> '') order by a.attnum), '[]')
  from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
)`

/** Partial indexes and those of expressions let rows be alike. */
const uniqueKeys = sql`(
  select coalesce(json_agg(k.columns), '[]') from (
    select json_agg(a.attname order by u.at) as columns
    from pg_index i, unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality u (num, at)
    join pg_attribute a on a.attnum = u.num
    where i.indrelid = c.oid and a.attrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
    group by i.indexrelid
  ) k
)`
