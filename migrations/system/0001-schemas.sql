-- Schemas, and what PUBLIC loses. Run as the migrator, who owns the database.

do $$
begin
  -- A temporary table would be found before the tables of any search_path, the empty one included.
  execute pg_catalog.format('revoke temporary, create on database %I from public', pg_catalog.current_database());
end
$$;

revoke create on schema public from public;

create schema if not exists rowhouse authorization ":OWNER";
create schema if not exists app authorization ":OWNER";
create schema if not exists rowhouse_private authorization ":PRIVATE";

comment on schema rowhouse is 'The platform: claims, tenants, functions that write rows.';
comment on schema app is 'Tables of the app.';
comment on schema rowhouse_private is 'Definer functions that policies and verbs use.';

grant usage on schema app, rowhouse to ":PRIVATE", ":MEMBER", ":ANONYMOUS";
grant usage on schema rowhouse_private to ":OWNER", ":MEMBER", ":ANONYMOUS";

alter default privileges for role ":OWNER" revoke execute on functions from public;
alter default privileges for role ":PRIVATE" revoke execute on functions from public;

set local role ":OWNER";

create table rowhouse.system_migration (
  number integer primary key,
  name text not null,
  hash text not null,
  applied_at timestamptz not null default pg_catalog.now()
);

comment on table rowhouse.system_migration is 'Which files of the platform''s SQL have been applied, and their hash.';
