import type pg from 'pg'
import type { TestActor, TestDatabase } from '../../support/database.ts'

/** Two tenants of the tests. */
export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'

/** Sells for a team in acme. */
export function seller(team: string, tenant = acme): TestActor {
  return { roles: ['sales'], tenant, actor: '00000000-0000-7000-8000-0000000000aa', claims: { team } }
}

/**
 * A table as the catalog makes them, with rules that differ by verb: a team reads its items, changes those that are not locked (even to another
 * team's, which it cannot read then), never to a price of 1,000 or more, and deletes those of which none is left.
 */
export async function makeItemTable(db: TestDatabase): Promise<void> {
  await db.asOwner((client) => client.query(itemTable(db)))
  await db.asOwner((client) =>
    client.query('insert into rowhouse.tenant (id, slug, name) values ($1, $3, $3), ($2, $4, $4)', [
      acme,
      globex,
      'acme',
      'globex',
    ]),
  )
}

/** Every row of the table, whoever may read it. */
export async function allItems(db: TestDatabase): Promise<readonly Record<string, unknown>[]> {
  return db.asOwner(async (client) => (await client.query('select * from app.item order by id')).rows)
}

/** Adds a row past all rules; its id. */
export async function addItem(db: TestDatabase, values: Readonly<Record<string, unknown>>): Promise<string> {
  const row = { tenant_id: acme, name: 'x', team: 'red', ...values }
  const names = Object.keys(row).join(', ')
  const places = Object.keys(row).map((_, index) => `$${index + 1}`)
  return db.asOwner(async (client) => {
    const { rows } = await client.query(
      `insert into app.item (${names}) values (${places.join(', ')}) returning id`,
      Object.values(row),
    )
    return rows[0].id
  })
}

/** Calls a write function; what it answers. A row is named by its id. */
export async function call(client: pg.Client, name: string, ...args: readonly unknown[]): Promise<string | null> {
  const places = args.map((_, index) => `$${index + 1}`)
  // What comes second is the key of a row, but for `create_row`.
  const given = args.map((arg, index) => (index === 1 && name !== 'create_row' ? JSON.stringify({ id: arg }) : arg))
  const { rows } = await client.query(`select rowhouse.${name}(${places.join(', ')}) as answer`, given)
  return rows[0].answer
}

function itemTable({ names }: TestDatabase): string {
  const sales = `${names.prefix}_sales`
  const columns = 'name, team, price, quantity, day, at, tags, numbers, data, secret, "Odd ""name""", flag, big'
  return `
create table app.item (
  tenant_id uuid not null default rowhouse.tenant_id() references rowhouse.tenant (id),
  id uuid not null default rowhouse.uuid_v7(),
  name text not null default 'nameless', team text not null default rowhouse.claim('team'), price numeric, quantity integer,
  day date, at timestamptz, tags text[], numbers numeric[], data jsonb, secret text, "Odd ""name""" text, flag boolean, big bigint,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(), deleted_at timestamptz,
  primary key (tenant_id, id)
);
alter table app.item enable row level security;
alter table app.item force row level security;
create policy tenant on app.item as restrictive using (tenant_id = (select rowhouse.tenant_id())) with check (tenant_id = (select rowhouse.tenant_id()));
create policy private on app.item to ${names.private} using (true) with check (true);
create policy r_1 on app.item for select to ${sales} using (team = (select rowhouse.claim('team')) and deleted_at is null);
create policy r_2 on app.item for update to ${sales} using (name <> 'locked' and deleted_at is null) with check (coalesce(price, 0) < 1000);
create policy r_3 on app.item for delete to ${sales} using (quantity = 0 and deleted_at is null);
create policy r_4 on app.item for insert to ${sales} with check (coalesce(price, 0) < 1000);
grant select (id, ${columns}, created_at, updated_at, deleted_at) on app.item to ${sales};
grant insert (${columns}), update (${columns}) on app.item to ${sales};
revoke select (secret), update (big), insert (big) on app.item from ${sales};
grant delete on app.item to ${sales};
create trigger rowhouse_3_touch before update on app.item for each row execute function rowhouse.touch();
create trigger rowhouse_4_created before insert on app.item for each row execute function rowhouse.note_created();
`
}
