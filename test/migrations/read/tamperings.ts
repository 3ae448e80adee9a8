/** One way to tamper with the sample database: what it is called, the statements, and what must be reported. */
export type Tampering = readonly [name: string, statements: string, reported: string]

/** Every kind of thing that a hand could change. */
export function tamperings(prefix: string, migrator: string): readonly Tampering[] {
  const owner = `set local role "${prefix}_owner";`
  const priv = `set local role "${prefix}_private";`
  const o = 'app."order"'
  return [
    ['policy dropped', `${owner} drop policy r_000000000001 on ${o}`, 'policy app.order r_000000000001: missing'],
    ['policy added', `${owner} create policy x on ${o} using (true)`, 'policy app.order x: unexpected'],
    [
      'policy for more roles',
      `${owner} alter policy r_000000000001 on ${o} to "${prefix}_sales", public`,
      'policy app.order r_000000000001: roles should be ":ROLE_SALES", but is "public"',
    ],
    [
      'policy for one more role',
      `${owner} alter policy r_000000000001 on ${o} to "${prefix}_sales", "${prefix}_member"`,
      'policy app.order r_000000000001: roles should be ":ROLE_SALES", but is ":MEMBER, :ROLE_SALES"',
    ],
    [
      'policy with another condition',
      `${owner} alter policy r_000000000001 on ${o} using (deleted_at is null or customer_id = any (array(select rowhouse_private.customer_live())))`,
      'policy app.order r_000000000001: using should be',
    ],
    [
      'policy with another check',
      `${owner} alter policy r_000000000002 on ${o} with check (number <> 'X' or total > 5)`,
      'policy app.order r_000000000002: check should be',
    ],
    [
      'policy that permits',
      `${owner} drop policy tenant on ${o}; create policy tenant on ${o} using (tenant_id = (select rowhouse.tenant_id())) with check (tenant_id = (select rowhouse.tenant_id()))`,
      'policy app.order tenant: mode should be "restrictive", but is "permissive"',
    ],
    [
      'policy for another command',
      `${owner} drop policy tenant on ${o}; create policy tenant on ${o} as restrictive for update using (tenant_id = (select rowhouse.tenant_id())) with check (tenant_id = (select rowhouse.tenant_id()))`,
      'policy app.order tenant: command should be "all", but is "update"',
    ],
    [
      'policy title',
      `${owner} comment on policy r_000000000001 on ${o} is 'x'`,
      'policy app.order r_000000000001: comment should be',
    ],
    [
      'grant on a column',
      `${owner} grant select (tenant_id) on ${o} to "${prefix}_sales"`,
      'grant app.order tenant_id select to :ROLE_SALES: unexpected',
    ],
    [
      'grant on a table',
      `${owner} grant update on ${o} to "${prefix}_sales"`,
      'grant app.order update to :ROLE_SALES: unexpected',
    ],
    ['grant to public', `${owner} grant select on ${o} to public`, 'grant app.order select to public: unexpected'],
    [
      'grant to the login',
      `${owner} grant select on ${o} to "${prefix}_login"`,
      `grant app.order select to ${prefix}_login: unexpected`,
    ],
    [
      'grant that may be passed on',
      `${owner} grant delete on ${o} to "${prefix}_manager" with grant option`,
      'may pass on delete',
    ],
    [
      'grant revoked',
      `${owner} revoke insert (number) on ${o} from "${prefix}_sales"`,
      'grant app.order number insert to :ROLE_SALES: missing',
    ],
    ['right of the owner revoked', `${owner} revoke delete on ${o} from "${prefix}_owner"`, 'the owner lacks delete'],
    [
      'truncate, which no policy stops',
      `${owner} grant truncate on ${o} to "${prefix}_sales"`,
      'grant app.order truncate to :ROLE_SALES: unexpected',
    ],
    [
      'row security off',
      `${owner} alter table ${o} disable row level security`,
      'table app.order: row security should be "on", but is "off"',
    ],
    [
      'force off',
      `${owner} alter table ${o} no force row level security`,
      'table app.order: force row security should be "on", but is "off"',
    ],
    [
      'owner of a table',
      `alter table ${o} owner to current_user`,
      `table app.order: owner should be ":OWNER", but is "${migrator}"`,
    ],
    ['comment of a table', `${owner} comment on table ${o} is null`, 'table app.order: comment should be'],
    [
      'comment of a column',
      `${owner} comment on column ${o}.number is 'x'`,
      'column app.order number: comment should be',
    ],
    ['table added', `${owner} create table app.x (a int)`, 'table app.x: unexpected'],
    ['table dropped', `${owner} drop table ${o}`, 'table app.order: missing'],
    ['table unlogged', `${owner} alter table ${o} set unlogged`, 'table app.order is unlogged: unexpected'],
    ['table option', `${owner} alter table ${o} set (fillfactor = 50)`, 'has option fillfactor=50'],
    ['child table', `${owner} create table app.x () inherits (${o})`, 'is inherited by app.x'],
    ['view added', `${owner} create view app.v as select * from ${o}`, 'view app.v exists'],
    ['materialized view', `${owner} create materialized view app.v as select 1 as a`, 'materialized view app.v exists'],
    ['sequence added', `${owner} create sequence app.s`, 'sequence app.s exists'],
    ['type added', `${owner} create type app.mood as enum ('a')`, 'type app.mood exists'],
    ['domain added', `${owner} create domain app.d as text`, 'type app.d exists'],
    [
      'operator added',
      `${owner} create operator app.=== (leftarg = uuid, rightarg = uuid, function = pg_catalog.uuid_eq)`,
      'other object app.===(pg_catalog.uuid,pg_catalog.uuid) exists',
    ],
    ['rule added', `${owner} create rule r as on delete to ${o} do instead nothing`, 'rule app.order r'],
    [
      'column type',
      `${owner} alter table ${o} alter updated_at type timestamp`,
      'column app.order updated_at: type should be',
    ],
    [
      'column nullable',
      `${owner} alter table ${o} alter number drop not null`,
      'column app.order number: null should be "not null", but is "null"',
    ],
    [
      'column default',
      `${owner} alter table ${o} alter total set default 1`,
      'column app.order total: default should be',
    ],
    [
      'tenant default',
      `${owner} alter table ${o} alter tenant_id drop default`,
      'column app.order tenant_id: default should be "rowhouse.tenant_id()", but is null',
    ],
    ['column added', `${owner} alter table ${o} add x int`, 'column app.order x: unexpected'],
    [
      'column collated',
      `${owner} alter table app.customer add y text collate "C"; `,
      'column app.customer y is collated',
    ],
    [
      'column identity',
      `${owner} alter table ${o} add z int generated always as identity`,
      'column app.order z is an id',
    ],
    [
      'check dropped',
      `${owner} alter table ${o} drop constraint order_number_check`,
      'constraint app.order order_number_',
    ],
    [
      'check not valid',
      `${owner} alter table ${o} drop constraint order_number_check, add constraint order_number_check check (char_length(number) between 1 and 20) not valid`,
      'NOT VALID',
    ],
    [
      'check widened',
      `${owner} alter table ${o} drop constraint order_number_check, add constraint order_number_check check (char_length(number) between 1 and 200)`,
      'constraint app.order order_number_check: definition should be',
    ],
    [
      'key action',
      `${owner} alter table ${o} drop constraint order_customer_fkey, add constraint order_customer_fkey foreign key (tenant_id, customer_id) references app.customer (tenant_id, id) on delete cascade`,
      'constraint app.order order_customer_fkey: definition should be',
    ],
    [
      'key deferred',
      `${owner} alter table ${o} alter constraint order_customer_fkey deferrable initially deferred`,
      'DEFERRABLE INITIALLY DEFERRED',
    ],
    [
      'title of a rule',
      `${owner} comment on constraint order_number_check on ${o} is 'anything goes'`,
      'constraint app.order order_number_check: comment should be null, but is "anything goes"',
    ],
    [
      'unique constraint',
      `${owner} alter table ${o} add constraint u unique (number)`,
      'constraint app.order u: unexpected',
    ],
    [
      'comment of a constraint',
      `${owner} comment on constraint order_pkey on ${o} is 'x'`,
      'constraint app.order order_pkey: comment should be null, but is "x"',
    ],
    ['index dropped', `${owner} drop index app.order_number_key`, 'index app.order order_number_key: missing'],
    ['index added', `${owner} create index i on ${o} (number)`, 'index app.order i: unexpected'],
    [
      'index predicate',
      `${owner} drop index app.order_number_key; create unique index order_number_key on ${o} (tenant_id, lower(number))`,
      'index app.order order_number_key: where should be "(deleted_at IS NULL)", but is null',
    ],
    [
      'index not unique',
      `${owner} drop index app.order_number_key; create index order_number_key on ${o} (tenant_id, lower(number)) where deleted_at is null`,
      'index app.order order_number_key: unique should be "unique", but is "not unique"',
    ],
    [
      'index order',
      `${owner} drop index app.order_total_idx; create index order_total_idx on ${o} (tenant_id, total, number) where deleted_at is null and total > 10`,
      'index app.order order_total_idx: keys should be',
    ],
    [
      'index class',
      `${owner} drop index app.order_total_idx; create index order_total_idx on ${o} (tenant_id, total desc, number text_pattern_ops) where deleted_at is null and total > 10`,
      'text_pattern_ops',
    ],
    [
      'index include',
      `${owner} drop index app.order_total_idx; create index order_total_idx on ${o} (tenant_id, total desc, number) include (id) where deleted_at is null and total > 10`,
      'index app.order order_total_idx: include should be null, but is "id"',
    ],
    [
      'index nulls',
      `${owner} drop index app.order_number_key; create unique index order_number_key on ${o} (tenant_id, number) nulls not distinct where deleted_at is null`,
      'index app.order order_number_key: nulls should be null, but is "not distinct"',
    ],
    [
      'index method',
      `${owner} drop index app.order_total_idx; create index order_total_idx on ${o} using brin (total)`,
      'index app.order order_total_idx: using should be null, but is "brin"',
    ],
    [
      'trigger disabled',
      `${owner} alter table ${o} disable trigger rowhouse_2_guard`,
      'trigger app.order rowhouse_2_guard is disabled',
    ],
    [
      'trigger for replicas',
      `${owner} alter table ${o} enable replica trigger rowhouse_2_guard`,
      'fires on replicas only',
    ],
    [
      'trigger dropped',
      `${owner} drop trigger rowhouse_2_guard on ${o}`,
      'trigger app.order rowhouse_2_guard: missing',
    ],
    [
      'trigger on fewer columns',
      `${owner} drop trigger rowhouse_2_guard on ${o}; create trigger rowhouse_2_guard before insert on ${o} for each row execute function rowhouse_private.guard_order()`,
      'trigger app.order rowhouse_2_guard: definition should be',
    ],
    [
      'function body, atomic',
      `${priv} create or replace function rowhouse_private.customer_live() returns setof uuid language sql stable security definer rows 100 begin atomic select id from app.customer where region in ('eu', 'us'); end`,
      'function rowhouse_private.customer_live(): body should be',
    ],
    [
      'function body, string',
      `${priv} create or replace function rowhouse_private.guard_order() returns trigger language plpgsql security definer set search_path = '' as $$ begin return new; end $$`,
      'function rowhouse_private.guard_order(): body should be',
    ],
    [
      'platform function',
      `${owner} create or replace function rowhouse.tenant_id() returns uuid language sql stable parallel safe begin atomic select current_setting('rowhouse.other')::uuid; end`,
      'function rowhouse.tenant_id(): body should be',
    ],
    [
      'function security',
      `${priv} alter function rowhouse_private.guard_order() security invoker`,
      'function rowhouse_private.guard_order(): security should be "definer", but is "invoker"',
    ],
    [
      'function path',
      `${priv} alter function rowhouse_private.guard_order() set search_path = app`,
      'function rowhouse_private.guard_order(): settings should be',
    ],
    [
      'function row security',
      `${priv} alter function rowhouse_private.guard_order() set row_security = off`,
      'function rowhouse_private.guard_order(): settings should be',
    ],
    ['function volatility', `${owner} alter function rowhouse.tenant_id() immutable`, 'volatility should be "stable"'],
    ['function owner', `alter function rowhouse.touch() owner to current_user`, 'owner should be ":OWNER"'],
    ['function strict', `${owner} alter function rowhouse.tenant_id() strict`, 'rowhouse.tenant_id() is strict'],
    ['function parallel', `${owner} alter function rowhouse.tenant_id() parallel unsafe`, 'is parallel s: missing'],
    [
      'function rows',
      `${priv} alter function rowhouse_private.customer_live() rows 7`,
      'rows should be "100", but is "7"',
    ],
    [
      'function for public',
      `${priv} grant execute on function rowhouse_private.customer_live() to public`,
      'execute should be ":MEMBER, :OWNER", but is ":MEMBER, :OWNER, public"',
    ],
    [
      'function for another role',
      `${priv} grant execute on function rowhouse_private.guard_order() to "${prefix}_sales"`,
      'execute should be ":OWNER", but is ":OWNER, :ROLE_SALES"',
    ],
    [
      'function added',
      `${priv} create function rowhouse_private.x() returns int language sql return 1`,
      'function rowhouse_private.x(): unexpected',
    ],
    [
      'function overloaded',
      `${owner} create function rowhouse.tenant_id(int) returns int return 1`,
      'tenant_id(integer)',
    ],
    [
      'comment of a function',
      `${priv} comment on function rowhouse_private.guard_order() is 'x'`,
      'comment should be "Decides.',
    ],
    ['schema right', `${owner} grant create on schema app to "${prefix}_sales"`, 'schema app ":ROLE_SALES" has create'],
    ['schema for public', `${owner} grant usage on schema app to public`, 'schema app public has usage'],
    ['schema owner', `alter schema app owner to current_user`, `schema app is owned by "${migrator}"`],
    [
      'default right',
      `${owner} alter default privileges in schema app grant select on tables to public`,
      'default right app',
    ],
    [
      'role gets a role',
      `grant "${prefix}_private" to "${prefix}_sales"`,
      'role :ROLE_SALES: member of should be "", but is ":PRIVATE"',
    ],
    [
      'login gets an app role',
      `grant "${prefix}_sales" to "${prefix}_login"`,
      `role "${prefix}_login" is a member of ":ROLE_SALES": unexpected`,
    ],
    ['login inherits', `alter role "${prefix}_login" inherit`, `role "${prefix}_login" inherits rights: unexpected`],
    ['role may log in', `alter role "${prefix}_sales" login`, 'role ":ROLE_SALES" may log in'],
    ['role may create', `alter role "${prefix}_sales" createdb`, 'role ":ROLE_SALES" may create databases'],
    [
      'role setting',
      `alter role "${prefix}_sales" set search_path = app`,
      'role ":ROLE_SALES" has setting search_path=app',
    ],
    [
      'membership that may be passed on',
      `grant "${prefix}_sales" to "${prefix}_manager" with admin option`,
      'may pass on membership',
    ],

    [
      'temporary tables for everyone',
      `grant temporary on database "${prefix}" to public`,
      'database this one public has temporary',
    ],
    ['schema public', 'grant create on schema public to public', 'schema public public has create'],
    [
      'functions for everyone by default',
      `alter default privileges for role "${prefix}_private" grant execute on functions to public`,
      'default right any schema',
    ],
    [
      'the tenants',
      `${owner} grant select on rowhouse.tenant to "${prefix}_sales"`,
      'grant rowhouse.tenant select to :ROLE_SALES: unexpected',
    ],
  ]
}
