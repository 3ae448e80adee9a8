import type { Client } from 'pg'

/** Whose folders are looked for: those of the large tenant. */
export const caller = { tenant: uuid(1), actor: uuid(101) }

const smallTenants = 4

/**
 * Folders of one large tenant, and as many of all others together; each has four below it, so that 50,000 are eight deep. Each holds two
 * documents. The caller was given two folders of the fourth level, and owns two others.
 */
export async function fillFolders(admin: Client, folders: number): Promise<void> {
  await admin.query(`
    set session_replication_role = replica;
    insert into rowhouse.tenant (id, slug, name)
      select ${id('n')}, 't' || n, 'Tenant ' || n from generate_series(1, ${1 + smallTenants}) n;
    insert into app."user" (id, name) select ${id('100 + n')}, 'Person ' || n from generate_series(1, 100) n`)
  for (let at = 1; at <= 1 + smallTenants; at++)
    await fillTenant(admin, at, at === 1 ? folders : folders / smallTenants)
  await admin.query('reset session_replication_role')
}

/** Numbers of folders, for those who look for one. */
export async function folderAt(admin: Client, number: number): Promise<string> {
  const { rows } = await admin.query<{ id: string }>('select id from app.folder where tenant_id = $1 and name = $2', [
    caller.tenant,
    `Folder ${number}`,
  ])
  return rows[0]!.id
}

async function fillTenant(admin: Client, tenant: number, folders: number): Promise<void> {
  const owner = `case when n in (100, 200) then '${caller.actor}'::uuid when n % 3 = 0 then ${id('102 + n % 99')} end`
  await admin.query('begin')
  await admin.query(`
    set local rowhouse.tenant_id = '${uuid(tenant)}';
    create temporary table f on commit drop as select ${timed} as id, n from generate_series(1, ${folders}) n;
    create index on f (n); analyze f;
    insert into app.folder (tenant_id, id, name, level, locked, open, parent_id, owner_id)
      select '${uuid(tenant)}', f.id, 'Folder ' || n, floor(random() * 10), n % 97 = 0, n % 50 = 0, (select up.id from f up where up.n = (f.n + 2) / 4 and f.n > 1),
        ${tenant === 1 ? owner : 'null'} from f order by random();
    insert into app.document (tenant_id, id, title, folder_id)
      select '${uuid(tenant)}', ${timed}, 'Document ' || i, f.id from f, generate_series(1, 2) i order by random();
    insert into app.folder_member (tenant_id, id, user_id, folder_id)
      select '${uuid(tenant)}', gen_random_uuid(), case when n in (120, 220) then ${id(tenant === 1 ? '101' : '150')} else ${id('102 + n % 90')} end, id
      from f where n between 86 and 341`)
  await admin.query('commit')
}

function uuid(at: number): string {
  return `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`
}

function id(at: string): string {
  return `('00000000-0000-7000-8000-' || lpad((${at})::text, 12, '0'))::uuid`
}

/** A version 7 id of a random instant of a year. */
const timed = `(lpad(to_hex(1767225600000 + floor(random() * 31536000000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid`
