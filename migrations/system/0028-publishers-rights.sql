-- What a tenant published runs for whoever causes it, and must not be a way to their rights: it reaches rows for those alone who hold no role that its publisher
-- did not hold, and recorded runs are read by those alone who hold what the caller held. What was published or recorded before reaches nobody.

set local role ":OWNER";

alter table rowhouse.script_version add column published_as text;
alter table rowhouse.script_run add column ran_as text;

comment on column rowhouse.script_version.published_as is 'Role in which it was published.';
comment on column rowhouse.script_run.ran_as is 'Role of the caller.';

reset role;
set local role ":PRIVATE";

-- By the roles of the app. Markers, which are of whoever does not hold some role, say nothing of more rights.
create function rowhouse_private.holds_roles_of(holder text, other text) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  prefix constant text := pg_catalog.left(pg_catalog.btrim('":MEMBER"', '"'), -7);
begin
  return coalesce(holder = other, false) or exists (
    select from pg_catalog.pg_roles h, pg_catalog.pg_roles o
    where h.rolname = holder and o.rolname = other and not exists (
      select from pg_catalog.pg_auth_members m join pg_catalog.pg_roles r on r.oid = m.roleid
      where m.member = o.oid and not pg_catalog.pg_has_role(h.oid, m.roleid, 'member')
        and not pg_catalog.starts_with(r.rolname::text, prefix || '_not_')
        and not pg_catalog.starts_with(r.rolname::text, prefix || '_both_')
    )
  );
end
$$;

comment on function rowhouse_private.holds_roles_of(text, text) is 'Whether a role of requests holds each role of the app that another one holds.';

-- The same source again, by somebody with the same roles, is the same version, so that nothing piles up. Null: there is no room for another.
create or replace function rowhouse_private.publish_script(of_name text, given_source text, given_note text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  tenant constant uuid := rowhouse_private.check_publisher();
  caller constant text := pg_catalog.current_setting('role');
  sum constant text := pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(given_source, 'UTF8')), 'hex');
  active_now integer;
  active_sum text;
  active_as text;
  made integer;
begin
  insert into rowhouse.script_choice (tenant_id, name) values (tenant, of_name) on conflict do nothing;
  select c.active into active_now from rowhouse.script_choice c where c.tenant_id = tenant and c.name = of_name for update;
  select v.checksum, v.published_as into active_sum, active_as from rowhouse.script_version v
  where v.tenant_id = tenant and v.name = of_name and v.version = active_now;
  if active_sum = sum and active_as = caller then
    return rowhouse_private.script_version(of_name, active_now);
  end if;
  select coalesce(max(v.version), 0) + 1 into made from rowhouse.script_version v where v.tenant_id = tenant and v.name = of_name;
  if made > 1000 then
    return null;
  end if;
  insert into rowhouse.script_version (tenant_id, name, version, source, checksum, note, published_by, published_as)
  values (tenant, of_name, made, given_source, sum, given_note, rowhouse.actor_id(), caller);
  update rowhouse.script_choice c set active = made where c.tenant_id = tenant and c.name = of_name;
  return rowhouse_private.script_version(of_name, made);
end
$$;

-- "reaches": whether it may ask for rows in the caller's name.
create or replace function rowhouse_private.script_choices() returns jsonb
language sql stable security definer
begin atomic
  select coalesce(
    jsonb_object_agg(c.name, jsonb_build_object(
      'version', v.version, 'checksum', v.checksum, 'records', c.records,
      'reaches', v.version is null or rowhouse_private.holds_roles_of(v.published_as, current_setting('role'))
    )), '{}'
  )
  from rowhouse.script_choice c
  left join rowhouse.script_version v on v.tenant_id = c.tenant_id and v.name = c.name and v.version = c.active
  where c.tenant_id = rowhouse.tenant_id() and (c.records or c.active is not null);
end;

create or replace function rowhouse_private.keep_script_run(
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
  insert into rowhouse.script_run (tenant_id, name, version, checksum, ended, ms, ran_by, ran_as, record)
  values (
    tenant, of_name, of_version, given_checksum, given_ended, given_ms, rowhouse.actor_id(), pg_catalog.current_setting('role'), given_record
  )
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

create or replace function rowhouse_private.script_runs(of_name text, most integer) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  tenant constant uuid := rowhouse_private.check_publisher();
begin
  return coalesce((
    select pg_catalog.jsonb_agg(pg_catalog.to_jsonb(one) order by one.id desc)
    from (
      select r.id, r.name, r.version, r.checksum, r.ended, r.ms, r.ran_at as "ranAt", r.ran_by as "ranBy", r.record
      from rowhouse.script_run r where r.tenant_id = tenant and (of_name is null or r.name = of_name)
        and rowhouse_private.holds_roles_of(pg_catalog.current_setting('role'), r.ran_as)
      order by r.id desc limit least(most, 100)
    ) one
  ), '[]');
end
$$;
