-- Scripts that a tenant publishes for itself: every version is kept as it is, one of a name is active or none. No role of a request may touch the tables, and the functions
-- reach the caller's own tenant alone. Who may publish is who may execute rowhouse_private.publishes_scripts(), which the app's own migrations make.

set local role ":OWNER";

create table rowhouse.script_version (
  tenant_id uuid not null,
  name text not null,
  version integer not null,
  source text not null,
  checksum text not null,
  note text,
  published_at timestamptz not null default pg_catalog.now(),
  published_by uuid,
  constraint script_version_pkey primary key (tenant_id, name, version),
  constraint script_version_number check (version between 1 and 1000),
  constraint script_version_name check (name ~ '^[A-Za-z0-9_/-]{1,200}$'),
  constraint script_version_size check (pg_catalog.octet_length(source) <= 65536 and pg_catalog.char_length(note) <= 2000),
  constraint script_version_checksum check (checksum = pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(source, 'UTF8')), 'hex'))
);

-- One for each name that was ever published or recorded, and who comes second waits for it.
create table rowhouse.script_choice (
  tenant_id uuid not null,
  name text not null,
  active integer,
  records boolean not null default false,
  constraint script_choice_pkey primary key (tenant_id, name),
  constraint script_choice_active foreign key (tenant_id, name, active) references rowhouse.script_version (tenant_id, name, version)
);

-- Runs that were recorded, the newest of each script, for some days. Kept in a transaction of their own: also of changes that were undone.
create table rowhouse.script_run (
  tenant_id uuid not null,
  id uuid not null default rowhouse.uuid_v7(),
  name text not null,
  version integer,
  checksum text not null,
  ended text not null,
  ms integer not null,
  ran_at timestamptz not null default pg_catalog.now(),
  ran_by uuid,
  record jsonb not null,
  constraint script_run_pkey primary key (tenant_id, id),
  constraint script_run_size check (pg_catalog.octet_length(checksum) = 64 and ended in ('output', 'raised', 'failed'))
);

create index script_run_of_name on rowhouse.script_run (tenant_id, name, id desc);

alter table rowhouse.script_run enable row level security, force row level security;
alter table rowhouse.script_version enable row level security, force row level security;
alter table rowhouse.script_choice enable row level security, force row level security;

create policy tenant on rowhouse.script_version for all to ":PRIVATE"
using (tenant_id = (select rowhouse.tenant_id())) with check (tenant_id = (select rowhouse.tenant_id()));
create policy tenant on rowhouse.script_choice for all to ":PRIVATE"
using (tenant_id = (select rowhouse.tenant_id())) with check (tenant_id = (select rowhouse.tenant_id()));
create policy tenant on rowhouse.script_run for all to ":PRIVATE"
using (tenant_id = (select rowhouse.tenant_id())) with check (tenant_id = (select rowhouse.tenant_id()));

-- No version is ever changed or deleted.
grant select, insert on rowhouse.script_version to ":PRIVATE";
grant select, insert, update on rowhouse.script_choice to ":PRIVATE";
grant select, insert, delete on rowhouse.script_run to ":PRIVATE";

comment on table rowhouse.script_version is 'Scripts that tenants published, every version as it was.';
comment on table rowhouse.script_choice is 'Which version of a script a tenant runs instead of the app''s; null: the app''s. Whether its runs are recorded.';
comment on table rowhouse.script_run is 'The last recorded runs of scripts, with all that they depended on.';

reset role;
set local role ":PRIVATE";

-- Inside a definer the caller is the role that was set, not the current user.
create function rowhouse_private.check_publisher() returns uuid
language plpgsql stable security definer set search_path = '' as $$
declare
  caller constant text := pg_catalog.current_setting('role');
  tenant constant uuid := rowhouse.tenant_id();
  permit constant regprocedure := pg_catalog.to_regprocedure('rowhouse_private.publishes_scripts()');
begin
  if permit is null or caller = 'none' or not pg_catalog.has_function_privilege(caller::name, permit, 'execute') then
    raise exception 'the caller may not publish scripts' using errcode = '42501';
  end if;
  if tenant is null or rowhouse.actor_id() is null then
    raise exception 'scripts are published by somebody of a tenant' using errcode = '42501';
  end if;
  return tenant;
end
$$;

create function rowhouse_private.script_versions(of_name text, most integer) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  tenant constant uuid := rowhouse_private.check_publisher();
begin
  return coalesce((
    select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(one) order by one."publishedAt" desc, one.name, one.version desc)
    from (
      select v.name, v.version, v.checksum, v.published_at as "publishedAt", v.published_by as "publishedBy", v.note, v.source,
        c.active is not distinct from v.version as "isActive"
      from rowhouse.script_version v join rowhouse.script_choice c on c.tenant_id = v.tenant_id and c.name = v.name
      where v.tenant_id = tenant and (of_name is null or v.name = of_name)
      order by v.published_at desc, v.name, v.version desc limit least(most, 100)
    ) one
  ), '[]');
end
$$;

create function rowhouse_private.script_version(of_name text, of_version integer) returns jsonb
language sql stable security definer
begin atomic
  select jsonb_build_object(
    'name', v.name, 'version', v.version, 'checksum', v.checksum, 'publishedAt', v.published_at, 'publishedBy', v.published_by, 'note', v.note,
    'source', v.source, 'isActive', c.active is not distinct from v.version
  )
  from rowhouse.script_version v join rowhouse.script_choice c on c.tenant_id = v.tenant_id and c.name = v.name
  where v.tenant_id = rowhouse_private.check_publisher() and v.name = of_name and v.version = of_version;
end;

-- The same source again is the same version, so that nothing piles up. Null: there is no room for another.
create function rowhouse_private.publish_script(of_name text, given_source text, given_note text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  tenant constant uuid := rowhouse_private.check_publisher();
  sum constant text := pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(given_source, 'UTF8')), 'hex');
  active_now integer;
  active_sum text;
  made integer;
begin
  insert into rowhouse.script_choice (tenant_id, name) values (tenant, of_name) on conflict do nothing;
  select c.active into active_now from rowhouse.script_choice c where c.tenant_id = tenant and c.name = of_name for update;
  select v.checksum into active_sum from rowhouse.script_version v
  where v.tenant_id = tenant and v.name = of_name and v.version = active_now;
  if active_sum = sum then
    return rowhouse_private.script_version(of_name, active_now);
  end if;
  select coalesce(max(v.version), 0) + 1 into made from rowhouse.script_version v where v.tenant_id = tenant and v.name = of_name;
  if made > 1000 then
    return null;
  end if;
  insert into rowhouse.script_version (tenant_id, name, version, source, checksum, note, published_by)
  values (tenant, of_name, made, given_source, sum, given_note, rowhouse.actor_id());
  update rowhouse.script_choice c set active = made where c.tenant_id = tenant and c.name = of_name;
  return rowhouse_private.script_version(of_name, made);
end
$$;

-- Null for the version: the app's own script again. False: there is no such version.
create function rowhouse_private.choose_script(of_name text, of_version integer) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  tenant constant uuid := rowhouse_private.check_publisher();
begin
  if of_version is not null and rowhouse_private.script_version(of_name, of_version) is null then
    return false;
  end if;
  update rowhouse.script_choice c set active = of_version where c.tenant_id = tenant and c.name = of_name;
  return found;
end
$$;

create function rowhouse_private.record_script(of_name text, given_records boolean) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  tenant constant uuid := rowhouse_private.check_publisher();
begin
  insert into rowhouse.script_choice (tenant_id, name) values (tenant, of_name) on conflict do nothing;
  update rowhouse.script_choice c set records = given_records where c.tenant_id = tenant and c.name = of_name;
  return found;
end
$$;

-- What differs for the caller's tenant: by name the version that runs instead of the app's script, and whether runs are recorded.
create function rowhouse_private.script_choices() returns jsonb
language sql stable security definer
begin atomic
  select coalesce(
    jsonb_object_agg(c.name, jsonb_build_object('version', v.version, 'checksum', v.checksum, 'records', c.records)), '{}'
  )
  from rowhouse.script_choice c
  left join rowhouse.script_version v on v.tenant_id = c.tenant_id and v.name = c.name and v.version = c.active
  where c.tenant_id = rowhouse.tenant_id() and (c.records or c.active is not null);
end;

-- Nothing where the tenant does not record the script. A hundred runs of each script are kept, for a week.
create function rowhouse_private.keep_script_run(
  of_name text, of_version integer, given_checksum text, given_ended text, given_ms integer, given_record jsonb
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  tenant constant uuid := rowhouse.tenant_id();
  made uuid;
begin
  if not exists (select from rowhouse.script_choice c where c.tenant_id = tenant and c.name = of_name and c.records)
    or pg_catalog.octet_length(given_record::text) > 524288
  then
    return null;
  end if;
  insert into rowhouse.script_run (tenant_id, name, version, checksum, ended, ms, ran_by, record)
  values (tenant, of_name, of_version, given_checksum, given_ended, given_ms, rowhouse.actor_id(), given_record)
  returning id into made;
  delete from rowhouse.script_run r
  where r.tenant_id = tenant and r.name = of_name and (
    r.ran_at < pg_catalog.now() - interval '7 days'
    or r.id < (
      select o.id from rowhouse.script_run o where o.tenant_id = tenant and o.name = of_name order by o.id desc offset 99 limit 1
    )
  );
  return made;
end
$$;

create function rowhouse_private.script_runs(of_name text, most integer) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  tenant constant uuid := rowhouse_private.check_publisher();
begin
  return coalesce((
    select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(one) order by one.id desc)
    from (
      select r.id, r.name, r.version, r.checksum, r.ended, r.ms, r.ran_at as "ranAt", r.ran_by as "ranBy", r.record
      from rowhouse.script_run r where r.tenant_id = tenant and (of_name is null or r.name = of_name)
      order by r.id desc limit least(most, 100)
    ) one
  ), '[]');
end
$$;

create function rowhouse_private.script_source(of_name text, of_checksum text) returns text
language sql stable security definer
begin atomic
  select v.source from rowhouse.script_version v
  where v.tenant_id = rowhouse.tenant_id() and v.name = of_name and v.checksum = of_checksum limit 1;
end;

comment on function rowhouse_private.check_publisher() is 'Tenant of a caller who may publish scripts; anybody else is refused.';
comment on function rowhouse_private.script_versions(text, integer) is 'Versions of a tenant''s scripts, the last first.';
comment on function rowhouse_private.script_version(text, integer) is 'One version of a tenant''s script.';
comment on function rowhouse_private.publish_script(text, text, text) is 'Makes a version of a script for the caller''s tenant, which runs from then on.';
comment on function rowhouse_private.choose_script(text, integer) is 'Makes another version of a script run for the caller''s tenant; null: the app''s.';
comment on function rowhouse_private.record_script(text, boolean) is 'Says whether runs of a script are recorded for the caller''s tenant.';
comment on function rowhouse_private.script_choices() is 'What runs for the caller''s tenant instead of the app''s scripts, and what is recorded.';
comment on function rowhouse_private.keep_script_run(text, integer, text, text, integer, jsonb) is 'Keeps a run of a script that the caller''s tenant records.';
comment on function rowhouse_private.script_runs(text, integer) is 'Recorded runs of a tenant''s scripts, the last first.';
comment on function rowhouse_private.script_source(text, text) is 'Source of a script of the caller''s tenant.';

grant execute on function
rowhouse_private.script_versions(text, integer), rowhouse_private.script_version(text, integer),
rowhouse_private.publish_script(text, text, text), rowhouse_private.choose_script(text, integer),
rowhouse_private.record_script(text, boolean), rowhouse_private.script_runs(text, integer)
to ":MEMBER";
grant execute on function
rowhouse_private.script_choices(), rowhouse_private.script_source(text, text),
rowhouse_private.keep_script_run(text, integer, text, text, integer, jsonb)
to ":MEMBER", ":ANONYMOUS";
