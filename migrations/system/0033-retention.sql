-- What is kept for some time goes by itself: events, recorded runs of scripts and jobs that failed for good. Few rows at a time, for one sweeper at
-- a time; who finds another at work comes again later. Runners of jobs say how long things are kept, and never less than a day.

grant usage on schema rowhouse_private to ":JOBS";

set local role ":OWNER";

create index event_age on rowhouse.event (tenant_id, at);
create index script_run_age on rowhouse.script_run (tenant_id, ran_at);

grant select (id) on rowhouse.tenant to ":PRIVATE";
create policy private on rowhouse.tenant for select to ":PRIVATE" using (true);
comment on table rowhouse.tenant is 'Tenants. Only the owner sees them; the queue of jobs and what sweeps see their ids.';

reset role;
set local role ":QUEUE_KEEPER";

create index failed_job_age on rowhouse_queue.failed_job (failed_at);

-- Null: somebody else sweeps.
create function rowhouse_queue.sweep_failed_jobs(keep interval, most integer) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  gone integer;
begin
  if not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('rowhouse sweeps failed jobs', 0)) then
    return null;
  end if;
  -- One that is edited or tried again at this moment stays.
  delete from rowhouse_queue.failed_job f where f.id = any (array(
    select o.id from rowhouse_queue.failed_job o where o.failed_at < pg_catalog.now() - greatest(keep, interval '1 day')
    order by o.failed_at limit greatest(0, least(most, 1000)) for update skip locked
  ));
  get diagnostics gone = row_count;
  return gone;
end
$$;

comment on function rowhouse_queue.sweep_failed_jobs(interval, integer) is 'Deletes jobs that failed longer ago, some of them.';
grant execute on function rowhouse_queue.sweep_failed_jobs(interval, integer) to ":JOBS";

reset role;
set local role ":PRIVATE";

-- Of the tenant of the transaction, or of none: row security shows no others. In the order of the index, and no further than "most": row security
-- makes Postgres expect one row, and sort what it would rather not have read.
create function rowhouse_private.sweep_events(older_than timestamptz, most integer) returns integer
language plpgsql volatile
set search_path = '' set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set enable_incremental_sort = off as $$
declare
  tenant constant uuid := rowhouse.tenant_id();
  gone integer;
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('rowhouse sweeps events', 0));
  if tenant is null then
    delete from rowhouse.event e where e.id = any (array(
      select o.id from rowhouse.event o where o.tenant_id is null and o.at < older_than order by o.tenant_id, o.at limit most
    ));
  else
    delete from rowhouse.event e where e.id = any (array(
      select o.id from rowhouse.event o where o.tenant_id = tenant and o.at < older_than order by o.at limit most
    ));
  end if;
  get diagnostics gone = row_count;
  return gone;
end
$$;

create function rowhouse_private.sweep_script_runs(older_than timestamptz, most integer) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  tenant constant uuid := rowhouse.tenant_id();
  gone integer;
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('rowhouse sweeps script runs', 0));
  delete from rowhouse.script_run r where r.tenant_id = tenant and r.id = any (array(
    select o.id from rowhouse.script_run o where o.tenant_id = tenant and o.ran_at < older_than order by o.ran_at limit most
  ));
  get diagnostics gone = row_count;
  return gone;
end
$$;

-- Of the tenants behind one, as far as "most" reaches: { gone, behind, isLast }. Null: somebody else sweeps.
create function rowhouse_private.sweep_tenants(what text, keep interval, behind uuid, most integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  came_for constant text := pg_catalog.current_setting('rowhouse.tenant_id', true);
  older_than constant timestamptz := pg_catalog.now() - greatest(keep, interval '1 day');
  tenants constant uuid[] := array(
    select t.id from (select nobody as id union all select o.id from rowhouse.tenant o) t
    where behind is null or t.id > behind order by t.id limit 200
  );
  wanted integer := greatest(1, least(most, 1000));
  swept uuid := behind;
  tenant uuid;
  gone integer;
begin
  if what not in ('events', 'script runs') then
    raise exception 'nothing called "%" is swept', what using errcode = '22023';
  end if;
  if not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('rowhouse sweeps ' || what, 0)) then
    return null;
  end if;
  foreach tenant in array tenants loop
    perform pg_catalog.set_config('rowhouse.tenant_id', case when tenant = nobody then '' else tenant::text end, true);
    gone := case what
      when 'events' then rowhouse_private.sweep_events(older_than, wanted)
      else rowhouse_private.sweep_script_runs(older_than, wanted)
    end;
    wanted := wanted - gone;
    exit when wanted = 0;
    swept := tenant;
  end loop;
  perform pg_catalog.set_config('rowhouse.tenant_id', coalesce(came_for, ''), true);
  return pg_catalog.jsonb_build_object(
    'gone', greatest(1, least(most, 1000)) - wanted, 'behind', swept, 'isLast', wanted > 0 and pg_catalog.cardinality(tenants) < 200
  );
end
$$;

-- As before, but that their age is nobody's matter here.
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
  where r.tenant_id = tenant and r.name = of_name and r.id < (
    select o.id from rowhouse.script_run o where o.tenant_id = tenant and o.name = of_name order by o.id desc offset 99 limit 1
  );
  return made;
end
$$;

comment on function rowhouse_private.sweep_events(timestamptz, integer) is 'Deletes events of the tenant that are older, some of them.';
comment on function rowhouse_private.sweep_script_runs(timestamptz, integer) is 'Deletes recorded runs of the tenant that are older, some of them.';
comment on function rowhouse_private.sweep_tenants(text, interval, uuid, integer) is 'Deletes what is kept no longer, tenant by tenant.';

grant execute on function rowhouse_private.sweep_tenants(text, interval, uuid, integer) to ":JOBS";
