-- How jobs are taken and settled: for ":JOBS" alone. Whoever runs a job holds it only as long as it is heard of; what it settles afterwards is refused.

set local role ":OWNER";

-- Work by the clock is done for each tenant.
grant select (id) on rowhouse.tenant to ":QUEUE_KEEPER";
create policy queue_keeper on rowhouse.tenant for select to ":QUEUE_KEEPER" using (true);

reset role;
set local role ":QUEUE_KEEPER";

-- Ready jobs of these tasks for a runner, tenants in turn: each of those behind "after" gives an equal share, so that one with many jobs waits
-- for itself alone. With "per_tenant" at most so many of these tasks run for a tenant at once, whoever runs them. Planned without statistics,
-- which lie about a queue.
create function rowhouse_queue.take_jobs(
  by_runner uuid, tasks text[], most integer, after uuid, but_not uuid[], per_tenant integer
) returns table (
  id uuid, task text, tenant_id uuid, actor_id uuid, as_role text, claims jsonb, input jsonb, attempts smallint,
  max_attempts smallint, created_at timestamptz, turn uuid, place bigint
)
language plpgsql volatile security definer
set search_path = '' set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  skipped uuid[] := but_not;
  turns uuid[] := '{}';
  seen uuid := coalesce(after, nobody);
  has_wrapped boolean := after is null;
begin
  -- What is taken and forgotten in a crash of Postgres is taken again.
  perform pg_catalog.set_config('synchronous_commit', 'off', true);
  update rowhouse_queue.job as j set state = 'ready'
  where j.id = any (array(
    select w.id from rowhouse_queue.job w where w.state = 'waiting' and w.run_at <= pg_catalog.now()
    order by w.run_at limit 1000 for update skip locked
  ));
  if per_tenant is not null then
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('rowhouse jobs ' || tasks[1], 0));
    skipped := skipped || array(
      select t.turn from rowhouse_queue.job t where t.state = 'taken' and t.task = any (tasks)
      group by t.turn having pg_catalog.count(*) >= per_tenant
    );
  end if;
  while coalesce(pg_catalog.array_length(turns, 1), 0) < least(most, 32) loop
    select j.turn into seen from rowhouse_queue.job j
    where j.state = 'ready' and j.turn > seen and j.task = any (tasks) order by j.turn limit 1;
    if seen is null then
      exit when has_wrapped;
      has_wrapped := true;
      seen := nobody;
    elsif seen = any (turns) then
      exit;
    elsif not (seen = any (skipped)) then
      turns := turns || seen;
    end if;
  end loop;
  return query
    with picked as (
      select one.id, one.nth * 64 + t.at as place
      from pg_catalog.unnest(turns) with ordinality as t (turn, at), lateral (
        select l.id, pg_catalog.row_number() over (order by l.priority, l.id) as nth
        from (
          select j.id, j.priority from rowhouse_queue.job j
          where j.state = 'ready' and j.turn = t.turn and j.task = any (tasks)
          order by j.priority, j.id
          limit case
            when per_tenant is null then greatest(most / pg_catalog.array_length(turns, 1), 1)
            else per_tenant - (
              select pg_catalog.count(*) from rowhouse_queue.job r where r.state = 'taken' and r.turn = t.turn and r.task = any (tasks)
            )
          end
          for update skip locked
        ) l
      ) one
    )
    update rowhouse_queue.job as j set state = 'taken', runner = by_runner, attempts = j.attempts + 1, progress = null
    from picked where j.id = picked.id
    returning j.id, j.task, j.tenant_id, j.actor_id, j.as_role, j.claims, j.input, j.attempts, j.max_attempts, j.created_at, j.turn,
      picked.place;
end
$$;

-- When the next job that waits for its time is due.
create function rowhouse_queue.next_due() returns timestamptz
language sql stable security definer set search_path = '' as $$
  select w.run_at from rowhouse_queue.job w where w.state = 'waiting' order by w.run_at limit 1
$$;

-- Jobs that are done, and wrote nothing.
create function rowhouse_queue.complete_jobs(by_runner uuid, ids uuid[]) returns integer
language plpgsql volatile security definer set search_path = '' set enable_seqscan = off as $$
declare
  done integer;
begin
  delete from rowhouse_queue.job j using pg_catalog.unnest(ids) as given (id)
  where j.id = given.id and j.state = 'taken' and j.runner = by_runner;
  get diagnostics done = row_count;
  return done;
end
$$;

-- In the transaction of what the job wrote: both are kept, or neither.
create function rowhouse_queue.settle_job(by_runner uuid, job_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  delete from rowhouse_queue.job j where j.id = job_id and j.state = 'taken' and j.runner = by_runner;
  if not found then
    raise exception 'another runner has taken the job over' using errcode = '55000';
  end if;
end
$$;

-- Moves jobs that are tried no more to those that failed for good.
create function rowhouse_queue.bury_jobs(ids uuid[], told text) returns void
language sql volatile security definer set search_path = '' as $$
  with gone as (
    delete from rowhouse_queue.job j where j.id = any (ids) returning j.*
  )
  insert into rowhouse_queue.failed_job (
    id, task, tenant_id, actor_id, as_role, claims, input, priority, attempts, max_attempts, error, created_at, failed_at
  )
  select id, task, tenant_id, actor_id, as_role, claims, input, priority, attempts, max_attempts, told, created_at, pg_catalog.now()
  from gone
$$;

-- "retry", "failed" for good, or "lost" to another runner.
create function rowhouse_queue.fail_job(by_runner uuid, job_id uuid, told text, retry_in interval) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  is_last boolean;
begin
  select j.attempts >= j.max_attempts into is_last from rowhouse_queue.job j
  where j.id = job_id and j.state = 'taken' and j.runner = by_runner for update;
  if not found then
    return 'lost';
  end if;
  if is_last then
    perform rowhouse_queue.bury_jobs(array[job_id], told);
    return 'failed';
  end if;
  perform rowhouse_queue.put_back(array[job_id], told, retry_in);
  return 'retry';
end
$$;

-- Jobs wait again. One whose key another job has taken meanwhile is not needed any more: that one does the same, with newer input.
create function rowhouse_queue.put_back(ids uuid[], told text, wait interval) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  delete from rowhouse_queue.job j
  where j.id = any (ids) and j.key is not null and exists (
    select from rowhouse_queue.job o
    where o.turn = j.turn and o.task = j.task and o.key = j.key and o.state <> 'taken' and o.id <> j.id
  );
  update rowhouse_queue.job j
  set state = case when wait > interval '0' then 'waiting' else 'ready' end, run_at = pg_catalog.now() + wait, runner = null,
    error = coalesce(told, j.error)
  where j.id = any (ids) and j.state = 'taken';
  perform pg_catalog.pg_notify('rowhouse_jobs', case when wait > interval '0' then 'later' else 'now' end);
end
$$;

-- Jobs that were taken and not begun: nobody counts that as an attempt.
create function rowhouse_queue.return_jobs(by_runner uuid, ids uuid[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  held constant uuid[] := array(
    select j.id from rowhouse_queue.job j where j.id = any (ids) and j.state = 'taken' and j.runner = by_runner for update
  );
begin
  update rowhouse_queue.job j set attempts = j.attempts - 1 where j.id = any (held);
  perform rowhouse_queue.put_back(held, null, interval '0');
end
$$;

-- Says that a runner lives, and takes their jobs from those that were not heard of for so long. Returns how many jobs were taken over.
create function rowhouse_queue.beat(by_runner uuid, silence interval) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  dead uuid[];
  spent uuid[];
  left_over uuid[];
begin
  update rowhouse_queue.runner r set seen_at = pg_catalog.clock_timestamp() where r.id = by_runner;
  if not found then
    insert into rowhouse_queue.runner (id, seen_at) values (by_runner, pg_catalog.clock_timestamp()) on conflict do nothing;
  end if;
  with gone as (
    delete from rowhouse_queue.runner r where r.id = any (array(
      select o.id from rowhouse_queue.runner o where o.seen_at < pg_catalog.clock_timestamp() - silence for update skip locked
    )) returning r.id
  )
  select pg_catalog.array_agg(gone.id) into dead from gone;
  if dead is null then
    return 0;
  end if;
  with held as (
    select j.id, j.attempts >= j.max_attempts as is_last from rowhouse_queue.job j
    where j.state = 'taken' and j.runner = any (dead) for update
  )
  select pg_catalog.array_agg(held.id) filter (where held.is_last), pg_catalog.array_agg(held.id) filter (where not held.is_last)
  into spent, left_over from held;
  perform rowhouse_queue.bury_jobs(coalesce(spent, '{}'), 'What ran it ended in the middle of it.');
  perform rowhouse_queue.put_back(coalesce(left_over, '{}'), 'What ran it ended in the middle of it.', interval '0');
  return coalesce(pg_catalog.array_length(spent, 1), 0) + coalesce(pg_catalog.array_length(left_over, 1), 0);
end
$$;

-- A runner that ends in an orderly way.
create function rowhouse_queue.leave(by_runner uuid) returns void
language sql volatile security definer set search_path = '' as $$
  delete from rowhouse_queue.runner r where r.id = by_runner
$$;

create function rowhouse_queue.tell_progress(by_runner uuid, job_id uuid, told jsonb) returns void
language sql volatile security definer set search_path = '' as $$
  update rowhouse_queue.job j set progress = told where j.id = job_id and j.state = 'taken' and j.runner = by_runner
$$;

-- Adds the jobs of a task that runs by the clock, once for each tick however many runners ask: one for each tenant, or one for all.
create function rowhouse_queue.add_tick(of_task text, ticked_at timestamptz, for_tenants boolean, given_attempts smallint) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  added integer;
begin
  update rowhouse_queue.tick t set at = ticked_at where t.task = of_task and t.at < ticked_at;
  if not found then
    insert into rowhouse_queue.tick (task, at) values (of_task, ticked_at) on conflict do nothing;
    if not found then
      return 0;
    end if;
  end if;
  insert into rowhouse_queue.job (task, tenant_id, claims, input, priority, state, run_at, max_attempts)
  select of_task, whose.id, '{}', pg_catalog.jsonb_build_object('tick', ticked_at), 0, 'ready', pg_catalog.now(), given_attempts
  from (
    select t.id from rowhouse.tenant t where for_tenants union all select null where not for_tenants
  ) whose;
  get diagnostics added = row_count;
  perform pg_catalog.pg_notify('rowhouse_jobs', 'now');
  return added;
end
$$;

grant execute on function
  rowhouse_queue.take_jobs(uuid, text[], integer, uuid, uuid[], integer), rowhouse_queue.next_due(),
  rowhouse_queue.complete_jobs(uuid, uuid[]), rowhouse_queue.settle_job(uuid, uuid),
  rowhouse_queue.fail_job(uuid, uuid, text, interval), rowhouse_queue.return_jobs(uuid, uuid[]),
  rowhouse_queue.beat(uuid, interval), rowhouse_queue.leave(uuid), rowhouse_queue.tell_progress(uuid, uuid, jsonb),
  rowhouse_queue.add_tick(text, timestamptz, boolean, smallint)
to ":JOBS";
