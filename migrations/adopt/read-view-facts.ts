import { sql } from '#base'
import type { View } from '../catalog/catalog.ts'
import { type Queryable, readRows } from '../read/read-rows.ts'

/** What is known of a relation that the model adopts as a view. */
export interface ViewFacts {
  readonly schema: string
  readonly name: string
  /** Letter of `pg_class`. */
  readonly kind: string
  readonly owner: string
  readonly migrator: string
  /** The migrator may let others read it. */
  readonly may_grant: boolean
  /** The migrator may let others into its schema. */
  readonly may_open_schema: boolean
  /** `"public" may select`, without what its owner, the owner of the fence and the migrator may. */
  readonly rights: readonly string[]
  /** Views of its rows, or of such views, that somebody beside their owner may read. Ours are left out. */
  readonly views: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Everything that it reads, also through other views. */
  readonly reads: readonly ViewRead[]
}

/** A relation that a view reads. */
export interface ViewRead {
  readonly schema: string
  readonly name: string
  /** A view that asks for the rights of the caller, whoever owns the views above it. */
  readonly invoker: boolean
  /** Owner of the view right above it, whose rights count. */
  readonly reader: string
  readonly reader_sees_all: boolean
}

/** Facts about the relations of these names that exist, whatever they are. `owner`: name of the role that owns the fences. */
export async function readViewFacts(
  client: Queryable,
  views: readonly View[],
  owner: string,
): Promise<readonly ViewFacts[]> {
  const wanted = sql.value(JSON.stringify(views.map(({ schema, name }) => [schema, name])))
  const invoker = sql`coalesce((
    select option_value::boolean from pg_options_to_table(v.reloptions) where option_name = 'security_invoker'
  ), false)`
  return await readRows<ViewFacts>(
    client,
    sql`
    select n.nspname as schema, c.relname as name, c.relkind::text as kind, pg_get_userbyid(c.relowner)::text as owner,
      current_user::text as migrator,
      pg_has_role(c.relowner, 'USAGE') or has_table_privilege(c.oid, 'SELECT WITH GRANT OPTION') as may_grant,
      pg_has_role(n.nspowner, 'USAGE') or has_schema_privilege(n.oid, 'USAGE WITH GRANT OPTION') as may_open_schema,
      array(
        select distinct '"' || coalesce(r.rolname, 'public') || '" may ' || lower(e.privilege)
        from (
          select x.grantee, x.privilege_type as privilege from aclexplode(c.relacl) x
          union all
          select x.grantee, x.privilege_type || ' "' || a.attname || '"'
          from pg_attribute a, aclexplode(a.attacl) x where a.attrelid = c.oid and not a.attisdropped
        ) e left join pg_roles r on r.oid = e.grantee
        where e.grantee <> c.relowner and coalesce(r.rolname, '') <> current_user
          and not (coalesce(r.rolname, '') = ${sql.value(owner)} and e.privilege = 'SELECT') order by 1
      ) as rights,
      array(
        with recursive shown (oid) as (
          select c.oid
          union
          select w.ev_class from shown
          join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = shown.oid and d.classid = 'pg_rewrite'::regclass
          join pg_rewrite w on w.oid = d.objid
        )
        select v.oid::regclass::text
        from shown join pg_class v on v.oid = shown.oid and v.relkind in ('v', 'm') and v.oid <> c.oid
        where v.relnamespace is distinct from (select oid from pg_namespace where nspname = 'app') and not ${invoker}
          and exists (
            select from aclexplode(v.relacl) x where x.grantee <> v.relowner
            union all
            select from pg_attribute a, aclexplode(a.attacl) x where a.attrelid = v.oid and x.grantee <> v.relowner
          )
        order by 1
      ) as views,
      (
        select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum), '[]')
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      ) as columns,
      (
        with recursive beneath (oid, reader) as (
          select c.oid, 0::oid
          union
          select d.refobjid, v.relowner from beneath b
          join pg_class v on v.oid = b.oid and v.relkind in ('v', 'm')
          join pg_rewrite w on w.ev_class = v.oid
          join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid
        )
        select coalesce(json_agg(json_build_object('schema', m.nspname, 'name', v.relname, 'invoker', v.relkind = 'v' and ${invoker},
          'reader', pg_get_userbyid(b.reader), 'reader_sees_all', coalesce(r.rolsuper, true)) order by m.nspname, v.relname, b.reader), '[]')
        from beneath b join pg_class v on v.oid = b.oid join pg_namespace m on m.oid = v.relnamespace
        left join pg_roles r on r.oid = b.reader
      ) as reads
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join jsonb_array_elements(${wanted}::jsonb) wanted on wanted ->> 0 = n.nspname and wanted ->> 1 = c.relname
    where c.relkind in ('r', 'p', 'v', 'm', 'f')`,
  )
}
