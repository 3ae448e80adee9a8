-- Redefines what 0033 made: times are compared, not intervals. Of those, Postgres takes a month for 30 days, and "-1200 months +36002 days" for two.

set local role ":QUEUE_KEEPER";

create or replace function rowhouse_queue.sweep_failed_jobs(keep interval, most integer) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  gone integer;
begin
  if not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('rowhouse sweeps failed jobs', 0)) then
    return null;
  end if;
  -- One that is edited or tried again at this moment stays.
  delete from rowhouse_queue.failed_job f where f.id = any (array(
    select o.id from rowhouse_queue.failed_job o where o.failed_at < least(pg_catalog.now() - keep, pg_catalog.now() - interval '1 day')
    order by o.failed_at limit greatest(0, least(most, 1000)) for update skip locked
  ));
  get diagnostics gone = row_count;
  return gone;
end
$$;

reset role;
set local role ":PRIVATE";

create or replace function rowhouse_private.sweep_tenants(what text, keep interval, behind uuid, most integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  came_for constant text := pg_catalog.current_setting('rowhouse.tenant_id', true);
  older_than constant timestamptz := least(pg_catalog.now() - keep, pg_catalog.now() - interval '1 day');
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
