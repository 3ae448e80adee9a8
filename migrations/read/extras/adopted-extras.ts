import { sql } from '#base'
import type { Table } from '../../catalog/catalog.ts'
import type { Extra } from '../live-catalog.ts'
import { type Queryable, readRows } from '../read-rows.ts'
import type { RoleWords } from '../role-words.ts'
import { scopeWith } from '../table-scope.ts'

/** What would open an adopted table behind the back of its policies: triggers of ours that are off, rights that may be passed on, rules. */
export async function readAdoptedExtras(
  client: Queryable,
  adopted: readonly Table[],
  words: RoleWords,
): Promise<readonly Extra[]> {
  if (adopted.length === 0) return []
  const scope = await scopeWith(client, [], adopted)
  const oids = sql.value('oids' in scope ? scope.oids : [])
  const found = await readRows<Extra>(
    client,
    sql`
    with relation as (
      select c.*, n.nspname || '.' || c.relname as object from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.oid = any (${oids}::oid[])
    )
    select 'trigger' as kind, object || ' ' || t.tgname as object,
      case t.tgenabled when 'D' then 'is disabled' else 'fires on replicas only' end as what
    from relation r join pg_trigger t on t.tgrelid = r.oid
    where t.tgenabled in ('D', 'R') and (starts_with(t.tgname, 'rowhouse_') or t.tgisinternal)
    union all
    select 'grant', object, coalesce('"' || g.rolname || '"', 'public') || ' may pass on ' || lower(x.privilege_type)
    from relation r, aclexplode(r.relacl) x left join pg_roles g on g.oid = x.grantee
    where x.is_grantable and x.grantee <> r.relowner
    union all
    select 'rule', object || ' ' || w.rulename, pg_get_ruledef(w.oid)
    from pg_rewrite w join relation r on r.oid = w.ev_class
    union all
    select 'table', object, 'is a partition, or has others below it'
    from relation r where r.relispartition or exists (select from pg_inherits i where r.oid in (i.inhrelid, i.inhparent))`,
  )
  return found.map((extra) => ({ kind: extra.kind, object: words.text(extra.object), what: words.text(extra.what) }))
}
